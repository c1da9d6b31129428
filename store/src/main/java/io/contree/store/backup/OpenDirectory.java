package io.contree.store.backup;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.RawPath;
import java.nio.file.Path;

/** The directory of a tree that is worked in, which no link can lead out of. Used by one thread. */
final class OpenDirectory implements AutoCloseable {
    private static final long INSIDE = FileCalls.RESOLVE_BENEATH | FileCalls.RESOLVE_NO_SYMLINKS;

    private final Fd root;
    private RawPath path = RawPath.EMPTY;
    private Fd current;

    OpenDirectory(Path tree) throws LinuxException {
        this.root = FileCalls.open(tree, FileCalls.READ | FileCalls.DIRECTORY | FileCalls.NO_FOLLOW);
        this.current = root;
    }

    Fd root() {
        return root;
    }

    /** A directory of the tree, open until another is asked for. */
    Fd at(RawPath wanted) throws LinuxException {
        if (!wanted.equals(path)) {
            leave();
            if (!wanted.isEmpty()) {
                current = FileCalls.open(
                        root, wanted.raw(), FileCalls.READ | FileCalls.DIRECTORY | FileCalls.NO_FOLLOW, 0, INSIDE);
                path = wanted;
            }
        }
        return current;
    }

    /** Opens a regular file in the directory that an entry is in; no device is ever opened. */
    Fd file(RawPath wanted) throws LinuxException {
        return FileCalls.open(at(wanted.parent()), wanted.name(), FileCalls.READ | FileCalls.NO_FOLLOW, 0, INSIDE);
    }

    private void leave() {
        if (current != root) {
            current.close();
            current = root;
            path = RawPath.EMPTY;
        }
    }

    @Override
    public void close() {
        leave();
        root.close();
    }
}
