package io.contree.sandbox;

import java.time.Duration;

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

    /** The process of a spid, alive or not yet forgotten; empty when there was none. */
    java.util.Optional<SandboxProcess> process(int spid);

    /**
     * Waits until the container is gone: main process ended, every process dead, runtime cleaned up.
     *
     * @return false if the time ran out first
     */
    boolean awaitEnd(Duration timeout) throws InterruptedException;

    /** Kills the whole container with SIGKILL, now; does not wait. Harmless on an ended one. */
    void kill();

    /** Why it ended if not by its main process: out of memory, killed, a broken protocol; empty otherwise or while it runs. */
    java.util.Optional<String> failure();

    /** How often its limits took effect until now, or until its end. */
    LimitEvents limitEvents();

    /** Its network; empty for one that has loopback only. */
    default java.util.Optional<NetworkUse> network() {
        return java.util.Optional.empty();
    }

    /**
     * Bytes on disk of files in its root that have no name any more but are open in it, as far as a short look finds them; 0 once
     * it has ended.
     */
    default long unlinkedBytes() {
        return 0;
    }

    /** Kills, waits until nothing is left (process, cgroup, bundle, mount), and returns; idempotent. */
    @Override
    void close();
}
