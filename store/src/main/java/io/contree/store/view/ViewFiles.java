package io.contree.store.view;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import io.contree.store.IoFailure;
import io.contree.store.StoreException;
import io.contree.store.manifest.ManifestFormat;
import java.nio.file.Path;

/** Opens files of a mounted image; the kernel keeps all links and {@code ..} inside it. Safe for several threads. */
final class ViewFiles implements AutoCloseable {
    private static final long IN_ROOT = FileCalls.RESOLVE_IN_ROOT | FileCalls.RESOLVE_NO_MAGICLINKS;

    private final Fd root;

    ViewFiles(Path mount) throws LinuxException {
        this.root = FileCalls.open(mount, FileCalls.PATH_ONLY | FileCalls.DIRECTORY);
    }

    /**
     * A descriptor that stands for what is at a path but cannot read it.
     *
     * @throws StoreException INVALID for a path that no file can have
     */
    Fd path(RawPath path, boolean follow) throws LinuxException {
        if (path.raw().indexOf('\0') >= 0) {
            throw new StoreException(StoreException.Kind.INVALID, "a path cannot contain a NUL");
        }
        if (path.length() > ManifestFormat.MAX_PATH) {
            throw new StoreException(
                    StoreException.Kind.INVALID,
                    "a path of " + path.length() + " bytes is too long: at most " + ManifestFormat.MAX_PATH);
        }
        int flags = FileCalls.PATH_ONLY | (follow ? 0 : FileCalls.NO_FOLLOW);
        return FileCalls.open(root, path.isEmpty() ? "." : path.raw(), flags, 0, IN_ROOT);
    }

    /** Opens what a descriptor of {@link #path} stands for, for reading. */
    Fd reopen(Fd path, int flags) throws LinuxException {
        return FileCalls.open(Fd.CWD, path.procPath(), FileCalls.READ | flags, 0, 0);
    }

    static void requireType(Fd file, RawPath path, int type) throws LinuxException {
        int found = FileCalls.stat(file, "").type();
        if (found != type) {
            throw new StoreException(
                    StoreException.Kind.WRONG_TYPE, "\"" + path + "\" is " + name(found) + " and not " + name(type));
        }
    }

    private static String name(int type) {
        return switch (type) {
            case Stat.DIRECTORY -> "a directory";
            case Stat.REGULAR -> "a regular file";
            case Stat.SYMLINK -> "a symbolic link";
            case Stat.FIFO -> "a FIFO";
            case Stat.SOCKET -> "a socket";
            default -> "a device";
        };
    }

    static StoreException failure(RawPath path, LinuxException e) {
        String quoted = "\"" + path + "\"";
        return switch (e.errno()) {
            case ENOENT, ENOTDIR ->
                new StoreException(StoreException.Kind.NOT_FOUND, "There is no " + quoted + " in the image", e);
            case ELOOP ->
                new StoreException(StoreException.Kind.NOT_FOUND, quoted + " leads into a loop of symbolic links", e);
            case ENAMETOOLONG ->
                new StoreException(StoreException.Kind.INVALID, "a name in " + quoted + " is too long", e);
            default -> IoFailure.of("read " + quoted + " of the image", e);
        };
    }

    @Override
    public void close() {
        root.close();
    }
}
