package io.contree.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A user namespace with a mapping, held open by descriptor, for id-mapped mounts. */
public final class UserNamespace implements AutoCloseable {
    private static final int GREETING = 'x';

    private final IdMapping mapping;
    private final Fd fd;

    UserNamespace(IdMapping mapping, Fd fd) {
        this.mapping = mapping;
        this.fd = fd;
    }

    /**
     * Makes a namespace: a short-lived child unshares it, this process writes its maps and keeps a descriptor. Needs
     * root and {@code unshare} of util-linux. The child is gone when this returns, and the namespace is on close.
     */
    public static UserNamespace create(IdMapping mapping) throws IOException {
        // The JVM cannot unshare a user namespace itself: the kernel refuses that to a process with threads.
        Process child = start();
        try {
            awaitNamespace(child);
            String map = "0 " + mapping.hostStart() + " " + mapping.size() + "\n";
            Path proc = Path.of("/proc/" + child.pid());
            Files.writeString(proc.resolve("uid_map"), map);
            Files.writeString(proc.resolve("gid_map"), map);
            Fd fd = FileCalls.open(Fd.CWD, proc + "/ns/user", FileCalls.READ, 0, 0);
            return new UserNamespace(mapping, fd);
        } catch (LinuxException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException(
                    "tried to make a user namespace that maps 0.." + (mapping.size() - 1) + " to host ids from "
                            + mapping.hostStart() + ", but failed: " + e.getMessage()
                            + "; it needs root and user namespaces (sysctl user.max_user_namespaces)",
                    e);
        } finally {
            end(child);
        }
    }

    public IdMapping mapping() {
        return mapping;
    }

    /** File calls to make with other credentials. */
    public interface FileWork {
        void run() throws LinuxException;
    }

    /**
     * Makes file calls as root of this namespace, with all capabilities kept. New files in an overlay that this namespace owns
     * must be made so: an id that the mapping does not know cannot own them (EOVERFLOW). Waits for their end.
     */
    public void asRoot(FileWork work) throws LinuxException {
        MappedCredentials.run(mapping, () -> {
            work.run();
            return 0;
        });
    }

    Fd fd() {
        return fd;
    }

    @Override
    public void close() {
        fd.close();
    }

    private static Process start() throws IOException {
        try {
            return new ProcessBuilder("unshare", "--user", "cat")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new IOException(
                    "tried to start unshare to make a user namespace, but failed: " + e.getMessage()
                            + "; install util-linux",
                    e);
        }
    }

    /** What cat sends back proves that unshare has done its work and become cat. */
    private static void awaitNamespace(Process child) throws IOException {
        child.getOutputStream().write(GREETING);
        child.getOutputStream().flush();
        if (child.getInputStream().read() != GREETING) {
            throw new IOException("unshare --user ended at once");
        }
    }

    private static void end(Process child) {
        child.destroyForcibly();
        boolean interrupted = false;
        while (true) {
            try {
                child.waitFor();
                break;
            } catch (InterruptedException e) {
                // The child has been killed: it ends at once, and nothing may be left behind.
                interrupted = true;
            }
        }
        closeQuietly(child.getInputStream());
        closeQuietly(child.getOutputStream());
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void closeQuietly(AutoCloseable stream) {
        try {
            stream.close();
        } catch (Exception e) {
            // The other end is gone; there is nothing left to lose.
        }
    }
}
