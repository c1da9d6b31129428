package io.contree.sandbox;

import java.nio.file.Path;

/**
 * What to start.
 *
 * @param id unique on this machine; names the container and its cgroup: lower-case letters, digits and {@code -}
 * @param root the root file system, a mount; ids on it are already mapped when the runtime uses a user namespace
 * @param hostname the name inside, also in {@code /etc/hosts}
 */
public record SandboxSpec(String id, Path root, String hostname, Limits limits) {
    /**
     * Limits of a whole sandbox.
     *
     * @param memoryBytes of RAM and tmpfs, no swap
     * @param cpus CPU time per wall time, such as 1.5
     * @param pids processes and threads
     * @param shmBytes size of {@code /dev/shm}
     */
    public record Limits(long memoryBytes, double cpus, int pids, long shmBytes) {
        public Limits {
            if (memoryBytes < 16 << 20 || cpus <= 0 || pids < 8 || shmBytes < 0) {
                throw new IllegalArgumentException("sandbox limits are too small: " + memoryBytes + " bytes of memory, "
                        + cpus + " cpus, " + pids + " pids, " + shmBytes + " bytes of shm");
            }
        }
    }
}
