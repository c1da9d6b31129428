package io.contree.sdk.nio;

import io.contree.sdk.internal.nio.RawNames;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a directory as the server lists it.
 *
 * @param path the name in the directory; bytes that are not UTF-8 are U+FFFD here, and the details then have them
 * @param mode the whole {@code st_mode}, with the bits of the type
 * @param mtime Unix seconds, rounded down
 * @param symlinkTo empty if it is not a link
 * @param details absent if the server does not know of them
 */
public record ListedEntry(
        String path,
        long size,
        String owner,
        String group,
        long uid,
        long gid,
        int mode,
        long mtime,
        int nlink,
        @Nullable String symlinkTo,
        @Nullable Details details) {
    private static final int TYPE = 0170000;

    /**
     * What only some servers give.
     *
     * @param mtimeNanos the part of the modification time below a second
     * @param inode equal for the names of one file
     * @param pathBase64 the bytes of the name, where they are not UTF-8
     * @param symlinkToBase64 the bytes of the target, where they are not UTF-8
     */
    public record Details(
            int mtimeNanos,
            long inode,
            int rdevMajor,
            int rdevMinor,
            @Nullable String pathBase64,
            @Nullable String symlinkToBase64) {}

    boolean isDirectory() {
        return (mode & TYPE) == 0040000;
    }

    boolean isRegular() {
        return (mode & TYPE) == 0100000;
    }

    boolean isSymlink() {
        return (mode & TYPE) == 0120000;
    }

    /** The name as {@link RawNames} writes it. */
    String name() {
        return details == null || details.pathBase64 == null ? path : decoded(details.pathBase64);
    }

    String target() {
        if (details != null && details.symlinkToBase64 != null) {
            return decoded(details.symlinkToBase64);
        }
        return symlinkTo == null ? "" : symlinkTo;
    }

    Optional<Details> detailed() {
        return Optional.ofNullable(details);
    }

    private static String decoded(String base64) {
        return RawNames.decode(Base64.getDecoder().decode(base64));
    }
}
