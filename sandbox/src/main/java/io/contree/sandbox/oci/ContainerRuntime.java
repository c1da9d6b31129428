package io.contree.sandbox.oci;

import io.contree.sandbox.Reservation;
import io.contree.sandbox.SandboxSpec;
import io.contree.sandbox.cgroup.Cgroup;
import io.contree.sandbox.egress.NetworkEntry;
import java.io.IOException;
import java.util.Optional;

/** What makes containers. Safe for use by several threads. */
interface ContainerRuntime extends AutoCloseable {
    /** See {@link io.contree.sandbox.Sandboxes#runtimes}. */
    String name();

    /** Name and version, for people. */
    String description();

    /** How its containers get into a network; empty if they cannot. */
    Optional<NetworkEntry> entry();

    /** What is kept for a container without a network. */
    Reservation reserve() throws IOException;

    /** The cgroup of a container, made or to be made. */
    Cgroup cgroup(SandboxSpec spec);

    /** Starts a container. */
    RuntimeProcess start(SandboxSpec spec, Bundle bundle, Cgroup cgroup) throws IOException;

    /** Called once a container runs. */
    default void started(String id) {}

    /** Called once nothing of a container runs any more: takes out of its root what this runtime has put there, if anything. */
    default void ended(SandboxSpec spec) throws IOException {}

    /** Removes what has stayed of a container, if anything. */
    default void forget(String id) {}

    /** Every container has ended. */
    @Override
    default void close() {}
}
