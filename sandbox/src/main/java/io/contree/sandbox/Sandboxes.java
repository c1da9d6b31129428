package io.contree.sandbox;

import java.util.Optional;

/** Starts sandboxes with one OCI runtime. Safe for use by several threads. Closing kills every sandbox that runs. */
public interface Sandboxes extends AutoCloseable {
    /**
     * Keeps for a sandbox what its root must be mounted with. Close it if the sandbox does not start.
     *
     * @throws SandboxException if there is no network for one that is to have it, or there are no ids
     */
    Reservation reserve(NetworkPolicy network);

    /**
     * Starts a container and returns when its init is ready for {@link Sandbox#spawn}.
     *
     * @throws SandboxException if the runtime refuses, or the start takes too long; nothing is left of it then
     * @throws InterruptedException if interrupted; nothing is left then either
     */
    Sandbox start(SandboxSpec spec) throws InterruptedException;

    /** Why a sandbox cannot have a network here, for people; empty if it can. */
    default Optional<String> noNetwork() {
        return Optional.of("these sandboxes have a loopback interface only");
    }

    /** What isolates these sandboxes, for people: {@code crun 1.8.1, user namespaces from 100000, cgroup v1, seccomp}. */
    String isolation();

    @Override
    void close();
}
