package io.contree.store.oci.local;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import io.contree.store.StoreException;
import io.contree.store.StoreException.Kind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;

/**
 * Opens what a reference names on this machine: below the configured roots only, with links that stay in their root, and
 * never the server's own data. What was checked is what is read: everything goes by descriptor.
 */
public final class LocalSources {
    private static final Path TOP = Path.of("/");

    private final List<Path> roots;
    private final Path data;

    /** @param data the server's data directory */
    public LocalSources(List<Path> roots, Path data) {
        this.roots = List.copyOf(roots);
        this.data = data;
    }

    /**
     * A descriptor for what is at a path, not open for reading.
     *
     * @throws StoreException INVALID
     */
    public Fd open(Path path) throws IOException {
        Path wanted = path.normalize();
        Path root = roots.stream()
                .filter(wanted::startsWith)
                .max(Comparator.comparingInt(Path::getNameCount))
                .orElseThrow(() -> refused(
                        path,
                        "which is below none of the server's local-import-roots. Send the bytes instead: contree images"
                                + " import does that, or upload a tar and import upload:rootfs:UUID"));
        Path below = root.relativize(wanted);
        Fd found;
        try (Fd top = FileCalls.open(root, FileCalls.PATH_ONLY | FileCalls.DIRECTORY)) {
            // From the root directory of the machine no link leads out, and absolute ones lead where they say.
            long resolve = FileCalls.RESOLVE_NO_MAGICLINKS | (root.equals(TOP) ? 0 : FileCalls.RESOLVE_BENEATH);
            String name = below.toString().isEmpty() ? "." : RawPath.of(below).raw();
            found = FileCalls.open(top, name, FileCalls.PATH_ONLY, 0, resolve);
        } catch (LinuxException e) {
            throw refused(path, reason(e));
        }
        try {
            own().check(found, path.toString());
            return found;
        } catch (IOException | RuntimeException e) {
            found.close();
            throw e;
        }
    }

    /** The server's data as it is now, for walks to stay out of. */
    public OwnData own() throws IOException {
        return OwnData.of(data);
    }

    /** As {@link #open}, for a directory. */
    public Fd directory(Path path) throws IOException {
        Fd found = open(path);
        if (FileCalls.stat(found, "").isDirectory()) {
            return found;
        }
        found.close();
        throw refused(path, "which is not a directory");
    }

    /** Opens a regular file for reading; a FIFO or device would hang the import. */
    public FileChannel file(Path path) throws IOException {
        try (Fd found = open(path)) {
            return file(found, path);
        }
    }

    /** Opens what a descriptor of {@link #open} stands for, for reading. */
    public FileChannel file(Fd found, Path path) throws IOException {
        if (FileCalls.stat(found, "").type() != Stat.REGULAR) {
            throw refused(path, "which is not a regular file");
        }
        return FileChannel.open(Path.of(found.procPath()), StandardOpenOption.READ);
    }

    private static String reason(LinuxException e) {
        return switch (e.errno()) {
            case ENOENT, ENOTDIR -> "which does not exist on the server. Check the path, and that it is absolute";
            case EACCES, EPERM -> "which the server may not read";
            case EXDEV -> "where a symbolic link leads out of the server's local-import-roots, or is absolute";
            case ELOOP -> "where symbolic links lead in a circle, or into /proc";
            default -> "which cannot be opened: " + e.getMessage();
        };
    }

    private static StoreException refused(Path path, String why) {
        return new StoreException(Kind.INVALID, "Tried to import from " + path + ", " + why + ".");
    }
}
