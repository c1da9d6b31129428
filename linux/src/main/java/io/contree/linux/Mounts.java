package io.contree.linux;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Mounting and unmounting in this process's mount namespace. */
public final class Mounts {
    private Mounts() {}

    /** Where an overlay writes; both directories lie on one file system. */
    public record Upper(Path upper, Path work) {}

    /**
     * An overlay to mount: {@code redirect_dir=off,metacopy=off,index=off}, {@code volatile} when writable.
     *
     * @param lowers lower directories, the uppermost first
     * @param upper empty for a read-only overlay
     * @param owner a user namespace: layers keep their ids on disk and the overlay shows them mapped, so that root of
     *     the namespace is uid 0 on disk (architecture decision 7); empty for no mapping
     */
    public record Overlay(List<Path> lowers, Optional<Upper> upper, Optional<UserNamespace> owner) {
        public Overlay {
            lowers = List.copyOf(lowers);
        }
    }

    /** Mounts an overlay at a directory: new mount API, or {@code mount(2)} on kernels without it. */
    public static void overlay(Overlay overlay, Path target) throws LinuxException {
        throw new UnsupportedOperationException();
    }

    /** Bind-mounts a file or directory, read-only if asked. */
    public static void bind(Path source, Path target, boolean readOnly) throws LinuxException {
        throw new UnsupportedOperationException();
    }

    public static void tmpfs(Path target, String options) throws LinuxException {
        throw new UnsupportedOperationException();
    }

    /** Unmounts; {@code detach} is MNT_DETACH. A path that is no mount point is no error. */
    public static void unmount(Path target, boolean detach) throws LinuxException {
        throw new UnsupportedOperationException();
    }

    /** The mount points of this process at or below a directory, deepest first, from {@code /proc/self/mountinfo}. */
    public static List<Path> below(Path directory) throws java.io.IOException {
        throw new UnsupportedOperationException();
    }
}
