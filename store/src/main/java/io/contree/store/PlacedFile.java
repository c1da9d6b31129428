package io.contree.store;

import io.contree.linux.RawPath;

/**
 * A file to put into a checkout.
 *
 * @param path absolute or relative to {@code /}
 * @param digest which uploaded file
 * @param mode permission bits, 0 to 07777
 * @param uid owner inside
 * @param gid group inside
 */
public record PlacedFile(RawPath path, Digest digest, int mode, int uid, int gid) {
    public PlacedFile {
        if (path.isEmpty() || path.raw().indexOf('\0') >= 0) {
            throw new IllegalArgumentException("the path of a file is empty or contains a NUL");
        }
        if ((mode & ~07777) != 0) {
            throw new IllegalArgumentException(
                    "mode " + Integer.toOctalString(mode) + " has bits other than permissions");
        }
    }
}
