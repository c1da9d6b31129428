package io.contree.store.oci;

import io.contree.store.StoreException;
import io.contree.store.StoreException.Kind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Opens what a reference names on this machine. */
final class Sources {
    private Sources() {}

    /** Opens a regular file; a FIFO or device would hang the import. */
    static FileChannel file(Path path) throws IOException {
        checkExists(path);
        if (!Files.isRegularFile(path)) {
            throw new StoreException(Kind.INVALID, "Tried to import from " + path + ", which is no regular file.");
        }
        checkReadable(path);
        return FileChannel.open(path, StandardOpenOption.READ);
    }

    /** The real path of a directory. */
    static Path directory(Path path) throws IOException {
        checkExists(path);
        if (!Files.isDirectory(path)) {
            throw new StoreException(Kind.INVALID, "Tried to import from " + path + ", which is no directory.");
        }
        checkReadable(path);
        return path.toRealPath();
    }

    private static void checkReadable(Path path) {
        if (!Files.isReadable(path)) {
            throw new StoreException(Kind.INVALID, "Tried to import from " + path + ", which the server may not read.");
        }
    }

    private static void checkExists(Path path) {
        if (!Files.exists(path)) {
            throw new StoreException(
                    Kind.INVALID,
                    "Tried to import from " + path
                            + ", which does not exist on the server. Check the path, and that it is" + " absolute.");
        }
    }
}
