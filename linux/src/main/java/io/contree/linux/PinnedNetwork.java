package io.contree.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A network namespace without any process, held by a bind mount. An OCI runtime takes it by its path.
 *
 * @param path a file that stands for it
 */
public record PinnedNetwork(Path path) implements AutoCloseable {
    /**
     * Makes one. Needs root, and {@code unshare} and {@code nsenter} of util-linux.
     *
     * @param path a file to create, in an existing directory
     * @param owner whose root is root over the network and no other; empty for the machine's
     */
    public static PinnedNetwork make(Path path, Optional<UserNamespace> owner) throws IOException {
        PinnedNetwork made = new PinnedNetwork(path);
        try (NamespaceChild child = NamespaceChild.withNetwork(owner)) {
            Mounts.bind(child.namespace("net"), Files.createFile(path), false);
            return made;
        } catch (IOException | RuntimeException e) {
            made.closeAfter(e);
            throw e;
        }
    }

    /** Lets go of it: it ends with the last process in it. */
    @Override
    public void close() throws IOException {
        Mounts.unmount(path, true);
        Files.deleteIfExists(path);
    }

    private void closeAfter(Exception reason) {
        try {
            close();
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }
}
