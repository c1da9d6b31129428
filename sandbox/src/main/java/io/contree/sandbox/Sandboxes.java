package io.contree.sandbox;

import java.util.Optional;

/** Starts sandboxes with one OCI runtime. Safe for use by several threads. Closing kills every sandbox that runs. */
public interface Sandboxes extends AutoCloseable {
    /**
     * Starts a container and returns when its init is ready for {@link Sandbox#spawn}.
     *
     * @throws SandboxException if the runtime refuses, the start takes too long, or there is no network for one that asks for
     *     it; nothing is left of it then
     * @throws InterruptedException if interrupted; nothing is left then either
     */
    Sandbox start(SandboxSpec spec) throws InterruptedException;

    /** Why a sandbox cannot have a network here, for people; empty if it can. */
    default Optional<String> noNetwork() {
        return Optional.of("these sandboxes have a loopback interface only");
    }

    /** What isolates these sandboxes, for people: {@code crun 1.8.1, user namespace 100000+65536, cgroup v1, seccomp}. */
    String isolation();

    @Override
    void close();
}
