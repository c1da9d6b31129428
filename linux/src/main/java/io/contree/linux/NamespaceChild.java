package io.contree.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A short-lived child in namespaces of its own, which stay as long as somebody holds them. The JVM cannot unshare a user
 * namespace itself: the kernel refuses that to a process with threads. Needs {@code unshare} of util-linux.
 */
final class NamespaceChild implements AutoCloseable {
    private static final int GREETING = 'x';

    private final Process process;

    private NamespaceChild(Process process) {
        this.process = process;
    }

    /** Starts it; it is in its namespaces when this returns. */
    static NamespaceChild start(String... kinds) throws IOException {
        List<String> command = new ArrayList<>(List.of("unshare"));
        command.addAll(Arrays.asList(kinds));
        command.add("cat");
        NamespaceChild child = new NamespaceChild(spawn(command));
        try {
            child.awaitNamespaces();
            return child;
        } catch (IOException | RuntimeException e) {
            child.close();
            throw e;
        }
    }

    /** Maps the ids of its new user namespace. */
    void map(IdMapping mapping) throws IOException {
        String map = "0 " + mapping.hostStart() + " " + mapping.size() + "\n";
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
                    "tried to start unshare to make a namespace, but failed: " + e.getMessage()
                            + "; install util-linux",
                    e);
        }
    }

    /** What cat sends back proves that unshare has done its work and become cat. */
    private void awaitNamespaces() throws IOException {
        process.getOutputStream().write(GREETING);
        process.getOutputStream().flush();
        if (process.getInputStream().read() != GREETING) {
            throw new IOException("unshare ended at once");
        }
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
