package io.contree.sdk;

import java.time.Instant;

/**
 * One entry of a directory of an image.
 *
 * @param path the name, relative to the listed directory
 * @param mode the whole {@code st_mode}, with the bits of the file type
 * @param mtime Unix seconds
 * @param symlinkTo where a symbolic link points; empty for everything else
 */
public record DirectoryEntry(
        String path,
        long size,
        String owner,
        String group,
        long uid,
        long gid,
        int mode,
        long mtime,
        long nlink,
        boolean isDir,
        boolean isRegular,
        boolean isSymlink,
        boolean isSocket,
        boolean isFifo,
        String symlinkTo) {
    public Instant modified() {
        return Instant.ofEpochSecond(mtime);
    }

    /** The permission bits, such as {@code 0755}. */
    public int permissions() {
        return mode & 07777;
    }
}
