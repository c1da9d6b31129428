package io.contree.store;

import io.contree.linux.RawPath;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/**
 * A read-only view of an image; nothing in it is executed or trusted. Relative paths are relative to
 * {@code /}, links are followed only within the image (openat2 RESOLVE_IN_ROOT on a read-only mount). Views of one
 * image share a mount, which is removed some time after the last is closed. Safe for use by several threads.
 */
public interface ImageView extends AutoCloseable {
    /**
     * What is at a path, or in a directory under a name.
     *
     * @param name raw name
     * @param mode full st_mode
     * @param mtimeNanos since the epoch
     * @param symlinkTarget empty if it is not a link
     * @param inode equal for the names of one file
     */
    record Entry(
            String name,
            int mode,
            int uid,
            int gid,
            long size,
            int nlink,
            long mtimeNanos,
            RawPath symlinkTarget,
            int rdevMajor,
            int rdevMinor,
            long inode) {
        public Entry named(String other) {
            return new Entry(
                    other, mode, uid, gid, size, nlink, mtimeNanos, symlinkTarget, rdevMajor, rdevMinor, inode);
        }
    }

    /** The entry at a path, links followed if asked; empty if there is none. */
    Optional<Entry> stat(RawPath path, boolean follow);

    /**
     * Opens a directory, to be read piece by piece, however large it is. Close it.
     *
     * @throws StoreException NOT_FOUND, WRONG_TYPE for anything but a directory, INVALID for a path with NUL or too long
     */
    Directory directory(RawPath path);

    /** An open directory. Used by one thread at a time. */
    interface Directory extends AutoCloseable {
        /** At most {@code limit} of its raw names, in byte order: those after a name; all come after the empty one. */
        List<String> names(String after, int limit);

        /** The entries of some of its names, in the given order. */
        List<Entry> entries(List<String> names);

        @Override
        void close();
    }

    /** All entries of a directory in byte order of their names; as {@link #directory}. */
    default List<Entry> list(RawPath path) {
        try (Directory directory = directory(path)) {
            return directory.entries(directory.names("", Integer.MAX_VALUE));
        }
    }

    /**
     * Opens a regular file.
     *
     * @throws StoreException NOT_FOUND, WRONG_TYPE, INVALID
     */
    OpenFile open(RawPath path);

    /** An open file: its size and its bytes. Closing the stream closes the file. */
    record OpenFile(long size, InputStream bytes) {}

    /**
     * Writes a POSIX PAX tar: a directory becomes the root of the archive ({@code hosts} for {@code /etc}), anything else a
     * single entry. Hard links, devices, xattrs, holes and times are kept. Does not close the stream.
     *
     * @throws StoreException NOT_FOUND before anything is written
     * @throws IOException if the stream fails
     */
    void archive(RawPath path, OutputStream out) throws IOException;

    /** User names from the image's own {@code /etc/passwd} and groups from {@code /etc/group}, parsed as plain text. */
    Names names();

    /** Owner names by id, as far as the image's own files have them. */
    interface Names {
        Optional<String> user(int uid);

        Optional<String> group(int gid);
    }

    @Override
    void close();
}
