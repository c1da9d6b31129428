package io.contree.sandbox;

import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * What to start.
 *
 * @param id unique on this machine; names the container and its cgroup: lower-case letters, digits and {@code -}, at most 64
 * @param root the root file system, a mount that shows the reserved ids
 * @param hostname the name inside, also in {@code /etc/hosts}: letters, digits, {@code .}, {@code _} and {@code -}, at most 64
 * @param reservation from {@link Sandboxes#reserve}; it is given back when the sandbox has ended or could not start
 */
public record SandboxSpec(String id, Path root, String hostname, Limits limits, Reservation reservation) {
    // Both go into paths, configuration and /etc/hosts of the sandbox.
    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");
    private static final Pattern HOSTNAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,63}");

    public SandboxSpec {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("no name for a sandbox: " + id);
        }
        if (!HOSTNAME.matcher(hostname).matches()) {
            throw new IllegalArgumentException("no host name: " + hostname);
        }
    }

    /**
     * Limits of a whole sandbox.
     *
     * @param memoryBytes of RAM and tmpfs, no swap
     * @param cpus CPU seconds per second, such as 1.5
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
