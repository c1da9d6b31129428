package io.contree.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A short-lived child in namespaces of its own, which stay as long as somebody holds them. The JVM cannot unshare a user
 * namespace itself: the kernel refuses that to a process with threads. Needs {@code unshare}, {@code nsenter} and {@code setpriv} of util-linux.
 */
final class NamespaceChild implements AutoCloseable {
    private static final int GREETING = 'x';

    private final Process process;

    private NamespaceChild(Process process) {
        this.process = process;
    }

    /** In a new user namespace with this mapping, which belongs to its own root outside. */
    static NamespaceChild withUsers(IdMapping mapping) throws IOException {
        String owner = Integer.toString(mapping.toHost(0));
        NamespaceChild child = start(
                "setpriv",
                "--reuid=" + owner,
                "--regid=" + owner,
                "--clear-groups",
                // Where only the privileged may make user namespaces.
                "--inh-caps=+sys_admin",
                "--ambient-caps=+sys_admin",
                "unshare",
                "--user",
                "cat");
        try {
            child.map(mapping);
            return child;
        } catch (IOException | RuntimeException e) {
            child.close();
            throw e;
        }
    }

    /** In a new network namespace, which belongs to a user namespace or, without one, to the machine's. */
    static NamespaceChild withNetwork(Optional<UserNamespace> owner) throws IOException {
        return owner.isPresent()
                ? start("nsenter", "--user=" + owner.get().path(), "unshare", "--net", "cat")
                : start("unshare", "--net", "cat");
    }

    /** Starts it; it is in its namespaces when this returns. */
    private static NamespaceChild start(String... command) throws IOException {
        NamespaceChild child = new NamespaceChild(spawn(List.of(command)));
        try {
            child.awaitNamespaces(String.join(" ", command));
            return child;
        } catch (IOException | RuntimeException e) {
            child.close();
            throw e;
        }
    }

    private void map(IdMapping mapping) throws IOException {
        String map = mapping.extents().stream()
                .map(extent -> extent.inside() + " " + extent.outside() + " " + extent.size() + "\n")
                .collect(Collectors.joining());
        Files.writeString(proc().resolve("uid_map"), map);
        Files.writeString(proc().resolve("gid_map"), map);
    }

    /** The file of a namespace: {@code user}, {@code net}. */
    Path namespace(String kind) {
        return proc().resolve("ns").resolve(kind);
    }

    private Path proc() {
        return Path.of("/proc/" + process.pid());
    }

    private static Process spawn(List<String> command) throws IOException {
        try {
            return new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new IOException(
                    "tried to start " + command.getFirst() + " to make a namespace, but failed: " + e.getMessage()
                            + "; install util-linux",
                    e);
        }
    }

    /** What cat sends back proves that what comes before it has done its work. */
    private void awaitNamespaces(String command) throws IOException {
        try {
            process.getOutputStream().write(GREETING);
            process.getOutputStream().flush();
            if (process.getInputStream().read() == GREETING) {
                return;
            }
        } catch (IOException e) {
            // It ended before it was written to.
        }
        throw new IOException("\"" + command + "\" ended at once");
    }

    @Override
    public void close() {
        process.destroyForcibly();
        // It ends at once, and nothing may be left behind.
        Uninterruptibly.get(() -> process.waitFor());
        closeQuietly(process.getInputStream());
        closeQuietly(process.getOutputStream());
    }

    private static void closeQuietly(AutoCloseable stream) {
        try {
            stream.close();
        } catch (Exception e) {
            // The other end is gone; there is nothing left to lose.
        }
    }
}
