package io.contree.sandbox;

import java.util.List;
import java.util.Optional;

/** Starts sandboxes, each with one of some runtimes. Safe for use by several threads. Closing kills every sandbox that runs. */
public interface Sandboxes extends AutoCloseable {
    /** The names of the runtimes, each once; first the usual one. */
    List<String> runtimes();

    /**
     * Keeps for a sandbox what its root must be mounted with. Close it if the sandbox does not start.
     *
     * @param runtime one of {@link #runtimes}
     * @throws SandboxException if there is no network for one that is to have it, or there are no ids
     */
    Reservation reserve(String runtime, NetworkPolicy network);

    /** As above, with the usual runtime. */
    default Reservation reserve(NetworkPolicy network) {
        return reserve(usual(), network);
    }

    /**
     * Starts a container with the runtime of its reservation, and returns when its init is ready for {@link Sandbox#spawn}.
     *
     * @throws SandboxException if the runtime refuses, or the start takes too long; nothing is left of it then
     * @throws InterruptedException if interrupted; nothing is left then either
     */
    Sandbox start(SandboxSpec spec) throws InterruptedException;

    /** Why a sandbox of a runtime cannot have a network here, for people; empty if it can. */
    default Optional<String> noNetwork(String runtime) {
        return Optional.of("these sandboxes have a loopback interface only");
    }

    /** What isolates sandboxes of a runtime, for people: {@code crun 1.8.1, user namespaces from 100000, cgroup v1, seccomp}. */
    String isolation(String runtime);

    /** The runtime of those for which none is named. */
    default String usual() {
        return runtimes().getFirst();
    }

    @Override
    void close();
}
