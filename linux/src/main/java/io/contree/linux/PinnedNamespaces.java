package io.contree.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A network namespace without any process, held by a bind mount, and the user namespace that owns it. An OCI runtime takes
 * both by their paths, and root of the container is then root over its network and no other.
 *
 * @param network a file that stands for the network namespace
 * @param user the same for the user namespace; empty if the machine's own owns the network
 */
public record PinnedNamespaces(Path network, Optional<Path> user) implements AutoCloseable {
    /**
     * Makes them. Needs root and {@code unshare} of util-linux.
     *
     * @param network a file to create, in an existing directory
     * @param user a file to create; used only with a mapping
     * @param mapping of the user namespace; empty for none
     */
    public static PinnedNamespaces make(Path network, Path user, Optional<IdMapping> mapping) throws IOException {
        String[] kinds = mapping.isPresent() ? new String[] {"--user", "--net"} : new String[] {"--net"};
        PinnedNamespaces made =
                new PinnedNamespaces(network, mapping.isPresent() ? Optional.of(user) : Optional.empty());
        try (NamespaceChild child = NamespaceChild.start(kinds)) {
            if (mapping.isPresent()) {
                child.map(mapping.get());
                Mounts.bind(child.namespace("user"), Files.createFile(user), false);
            }
            Mounts.bind(child.namespace("net"), Files.createFile(network), false);
            return made;
        } catch (IOException | RuntimeException e) {
            made.closeAfter(e);
            throw e;
        }
    }

    /** Lets go of them: they end with the last process in them. */
    @Override
    public void close() throws IOException {
        Mounts.unmount(network, true);
        Files.deleteIfExists(network);
        if (user.isPresent()) {
            Mounts.unmount(user.get(), true);
            Files.deleteIfExists(user.get());
        }
    }

    private void closeAfter(Exception reason) {
        try {
            close();
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }
}
