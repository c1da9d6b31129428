package io.contree.sandbox;

import java.time.Duration;
import java.util.Optional;

/** A running container. Safe for use by several threads. */
public interface Sandbox extends AutoCloseable {
    /** The id of its spec. */
    String id();

    /**
     * Spawns a process; the first is spid 1 and the main one: when it ends, everything ends. Returns once the frame is
     * written; the listener hears whether it started.
     *
     * @throws SandboxException if the container has ended
     */
    SandboxProcess spawn(ProcessSpec process, ProcessListener listener);

    /** The process with this spid, running or ended; empty if there has been none. */
    Optional<SandboxProcess> process(int spid);

    /**
     * Waits until the container has ended: every process is dead, and what they wrote is in its root. What is left of it on the
     * machine is removed in the background.
     *
     * @return false if the time ran out first
     */
    boolean awaitEnd(Duration timeout) throws InterruptedException;

    /** Kills the whole container with SIGKILL and does not wait. Harmless if it has ended. */
    void kill();

    /** Why it ended, if not because its main process did: out of memory, killed, a broken protocol. Empty while it runs. */
    Optional<String> failure();

    /** How often its limits have taken effect so far, or had by its end. */
    LimitEvents limitEvents();

    /** Its network; empty for one that has loopback only. */
    default Optional<NetworkUse> network() {
        return Optional.empty();
    }

    /**
     * Disk space, in bytes, of files in its root that are deleted but still open in it, as far as a quick look finds them; 0
     * once it has ended.
     */
    default long unlinkedBytes() {
        return 0;
    }

    /** Kills, waits until it has ended as {@link #awaitEnd} says, and returns; idempotent. */
    @Override
    void close();
}
