package io.contree.linux;

import io.contree.linux.FileCalls.Entry;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Removes one tree. It holds at most {@value #MAX_OPEN} directories open: what lies deeper is moved to the top of the
 * tree and removed from there, so depth costs neither descriptors nor stack. What can be removed is, and then the first
 * failure is thrown.
 */
final class TreeRemover {
    static final int MAX_OPEN = 32;

    private static final String PARKED = ".removing-";
    private static final long STAY = FileCalls.RESOLVE_NO_XDEV | FileCalls.RESOLVE_NO_SYMLINKS;

    private final Fd top;
    private long parked;
    private @Nullable LinuxException failure;

    private TreeRemover(Fd top) {
        this.top = top;
    }

    static void remove(Fd dir, String path) throws LinuxException {
        int slash = path.lastIndexOf('/');
        String name = path.substring(slash + 1);
        if (name.isEmpty() || name.equals(".") || name.equals("..")) {
            throw new LinuxException("removeTree", path, Errno.EINVAL.number());
        }
        Optional<Stat> stat = FileCalls.statIfPresent(dir, path);
        if (stat.isEmpty()) {
            return;
        }
        if (!stat.get().isDirectory()) {
            FileCalls.unlink(dir, path, false);
            return;
        }
        String parent = slash < 0 ? "." : path.substring(0, Math.max(slash, 1));
        try (Fd opened = FileCalls.open(dir, parent, FileCalls.DIRECTORY, 0, 0)) {
            removeTop(opened, name);
        }
    }

    private static void removeTop(Fd parent, String name) throws LinuxException {
        try (Fd directory = open(parent, name)) {
            TreeRemover remover = new TreeRemover(directory);
            remover.empty(directory, 1);
            if (remover.failure != null) {
                throw remover.failure;
            }
        }
        FileCalls.unlink(parent, name, true);
    }

    /** Empties a directory. The top is read again until it is empty, so it meets what was moved there meanwhile. */
    private void empty(Fd directory, int open) {
        try {
            boolean clean = true;
            while (clean) {
                List<Entry> entries = Getdents.some(directory);
                if (entries.isEmpty()) {
                    return;
                }
                for (Entry entry : entries) {
                    clean &= removeChild(directory, entry, open);
                }
            }
        } catch (LinuxException e) {
            failed(e);
        }
    }

    private boolean removeChild(Fd directory, Entry entry, int open) {
        try {
            boolean isDirectory = entry.type() == Stat.DIRECTORY
                    || (entry.type() == 0
                            && FileCalls.stat(directory, entry.name()).isDirectory());
            if (!isDirectory) {
                unlink(directory, entry.name(), false);
            } else if (open < MAX_OPEN) {
                return removeDirectory(directory, entry.name(), open + 1);
            } else {
                park(directory, entry.name());
            }
            return true;
        } catch (LinuxException e) {
            return failed(e);
        }
    }

    private boolean removeDirectory(Fd parent, String name, int open) {
        LinuxException before = failure;
        try {
            try (Fd directory = open(parent, name)) {
                empty(directory, open);
            }
            if (failure == before) {
                unlink(parent, name, true);
                return true;
            }
            return false;
        } catch (LinuxException e) {
            return failed(e);
        }
    }

    private void park(Fd directory, String name) throws LinuxException {
        while (true) {
            String place = PARKED + parked++;
            try {
                FileCalls.rename(directory, name, top, place, false);
                return;
            } catch (LinuxException e) {
                if (e.errno() != Errno.EEXIST) {
                    throw e;
                }
            }
        }
    }

    private boolean failed(LinuxException e) {
        if (failure == null) {
            failure = e;
        }
        return false;
    }

    private static Fd open(Fd parent, String name) throws LinuxException {
        int flags = FileCalls.DIRECTORY | FileCalls.NO_FOLLOW;
        try {
            return FileCalls.open(parent, name, flags, 0, STAY);
        } catch (LinuxException e) {
            if (e.errno() != Errno.EACCES) {
                throw e;
            }
            FileCalls.chmod(parent, name, 0700);
            return FileCalls.open(parent, name, flags, 0, STAY);
        }
    }

    private static void unlink(Fd parent, String name, boolean directory) throws LinuxException {
        try {
            FileCalls.unlink(parent, name, directory);
        } catch (LinuxException e) {
            if (e.errno() != Errno.EACCES) {
                throw e;
            }
            // A read-only directory stops everyone but root.
            FileCalls.chmod(parent, "", 0700);
            FileCalls.unlink(parent, name, directory);
        }
    }
}
