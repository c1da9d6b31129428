package io.contree.server.http.routes;

import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import io.contree.store.ImageView;
import io.contree.store.ImageView.Entry;
import org.jspecify.annotations.Nullable;

/** An entry of a directory on the wire; every key is always there, except the details. */
record FileItem(
        long size,
        String path,
        String owner,
        String group,
        int uid,
        int gid,
        int mode,
        long mtime,
        int nlink,
        boolean isDir,
        boolean isRegular,
        boolean isSymlink,
        boolean isSocket,
        boolean isFifo,
        String symlinkTo,
        @Nullable Details details) {
    /**
     * What is told only on request.
     *
     * @param mtimeNanos the part of the modification time below a second
     * @param pathBase64 the bytes of the name, if they are not UTF-8
     * @param symlinkToBase64 the bytes of the target, if they are not UTF-8
     */
    record Details(
            int mtimeNanos,
            long inode,
            int rdevMajor,
            int rdevMinor,
            @Nullable String pathBase64,
            @Nullable String symlinkToBase64) {
        static Details of(Entry entry) {
            return new Details(
                    Stat.nanosOfSecond(entry.mtimeNanos()),
                    entry.inode(),
                    entry.rdevMajor(),
                    entry.rdevMinor(),
                    ImagePath.base64(new RawPath(entry.name())),
                    ImagePath.base64(entry.symlinkTarget()));
        }
    }

    /** @param detailed whether the details are there */
    static FileItem of(Entry entry, ImageView.Names names, boolean detailed) {
        int mode = entry.mode();
        return new FileItem(
                entry.size(),
                RawPath.toText(entry.name()),
                owner(entry, names),
                group(entry, names),
                entry.uid(),
                entry.gid(),
                mode,
                Stat.seconds(entry.mtimeNanos()),
                entry.nlink(),
                FileType.DIRECTORY.is(mode),
                FileType.REGULAR.is(mode),
                FileType.SYMLINK.is(mode),
                FileType.SOCKET.is(mode),
                FileType.FIFO.is(mode),
                entry.symlinkTarget().toString(),
                detailed ? Details.of(entry) : null);
    }

    /** The user's name, or the id where the image has no name for it. */
    static String owner(Entry entry, ImageView.Names names) {
        return names.user(entry.uid()).orElseGet(() -> Integer.toString(entry.uid()));
    }

    static String group(Entry entry, ImageView.Names names) {
        return names.group(entry.gid()).orElseGet(() -> Integer.toString(entry.gid()));
    }
}
