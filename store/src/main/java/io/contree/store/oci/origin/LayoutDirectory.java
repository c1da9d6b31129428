package io.contree.store.oci.origin;

import io.contree.linux.Errno;
import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.Stat;
import io.contree.store.StoreException;
import io.contree.store.StoreException.Kind;
import io.contree.store.oci.local.OwnData;
import io.contree.store.stream.FdInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The files of a layout in a directory. Symbolic links are refused, as is the server's own data by another name. */
public final class LayoutDirectory implements LayoutFiles {
    private static final long WITHIN = FileCalls.RESOLVE_BENEATH | FileCalls.RESOLVE_NO_SYMLINKS;

    private final Fd directory;
    private final OwnData own;
    private final String name;

    /**
     * @param directory closed with this
     * @param name of the layout in errors
     */
    public LayoutDirectory(Fd directory, OwnData own, String name) {
        this.directory = directory;
        this.own = own;
        this.name = name;
    }

    @Override
    public InputStream open(String path) throws IOException {
        // Looked at before it is opened: opening a FIFO would block, and opening some files does harm in itself.
        try (Fd seen = FileCalls.open(directory, path, FileCalls.PATH_ONLY, 0, WITHIN)) {
            own.check(seen, path + " of " + name);
            Stat stat = FileCalls.stat(seen, "");
            if (!stat.isRegular()) {
                throw new StoreException(Kind.INVALID, path + " of " + name + " is not a regular file.");
            }
            return new FdInputStream(FileCalls.open(Fd.CWD, seen.procPath(), FileCalls.READ, 0, 0), stat.size());
        } catch (LinuxException e) {
            String why = e.errno() == Errno.ENOENT
                    ? " does not exist"
                    : e.errno() == Errno.ELOOP ? " is or lies behind a symbolic link" : ": " + e.getMessage();
            throw new StoreException(Kind.INVALID, path + " of " + name + why + ".", e);
        }
    }

    @Override
    public void close() {
        directory.close();
    }
}
