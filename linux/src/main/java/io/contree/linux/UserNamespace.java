package io.contree.linux;

import java.io.IOException;
import java.nio.file.Path;

/** A user namespace with a mapping, held open by descriptor: for id-mapped mounts, and for containers to join. */
public final class UserNamespace implements AutoCloseable {
    private final IdMapping mapping;
    private final Fd fd;

    UserNamespace(IdMapping mapping, Fd fd) {
        this.mapping = mapping;
        this.fd = fd;
    }

    /**
     * Makes a namespace: a short-lived child unshares it, this process writes its maps and keeps a descriptor. It belongs to its own
     * root outside: what the kernel counts for a user, it also counts for the owner of the user's namespace, and that must be
     * neither root of the machine nor the owner of another namespace. Needs root, and {@code setpriv} and {@code unshare} of
     * util-linux. The child is gone when this returns; the namespace goes on close.
     */
    public static UserNamespace create(IdMapping mapping) throws IOException {
        try (NamespaceChild child = NamespaceChild.withUsers(mapping)) {
            Fd fd = FileCalls.open(Fd.CWD, child.namespace("user").toString(), FileCalls.READ, 0, 0);
            return new UserNamespace(mapping, fd);
        } catch (LinuxException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException(
                    "tried to make a user namespace that maps 0.." + (mapping.size() - 1) + " to host ids from "
                            + mapping.hostStart() + ", but failed: " + e.getMessage()
                            + "; it needs root and user namespaces (sysctl user.max_user_namespaces)",
                    e);
        }
    }

    public IdMapping mapping() {
        return mapping;
    }

    /** A path by which this process and its children reach the namespace while it is open. */
    public Path path() throws IOException {
        // /proc may number processes as another pid namespace does.
        return Path.of("/proc/self").toRealPath().resolve("fd").resolve(Integer.toString(fd.number()));
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

    /** A descriptor of it, for a process to join; it stays this object's. */
    public Fd fd() {
        return fd;
    }

    @Override
    public void close() {
        fd.close();
    }
}
