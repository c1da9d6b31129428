package io.contree.server.http;

import io.contree.linux.RawPath;
import io.contree.store.ImageView;
import io.contree.store.ImageView.Entry;

/** An entry of a directory on the wire; every key is always there. */
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
        String symlinkTo) {
    static FileItem of(Entry entry, ImageView.Names names) {
        int mode = entry.mode();
        return new FileItem(
                entry.size(),
                RawPath.toText(entry.name()),
                owner(entry, names),
                group(entry, names),
                entry.uid(),
                entry.gid(),
                mode,
                Math.floorDiv(entry.mtimeNanos(), 1_000_000_000L),
                entry.nlink(),
                FileType.DIRECTORY.is(mode),
                FileType.REGULAR.is(mode),
                FileType.SYMLINK.is(mode),
                FileType.SOCKET.is(mode),
                FileType.FIFO.is(mode),
                RawPath.toText(entry.symlinkTarget()));
    }

    /** The user's name, or the id where the image has no name for it. */
    static String owner(Entry entry, ImageView.Names names) {
        return names.user(entry.uid()).orElseGet(() -> Integer.toString(entry.uid()));
    }

    static String group(Entry entry, ImageView.Names names) {
        return names.group(entry.gid()).orElseGet(() -> Integer.toString(entry.gid()));
    }
}
