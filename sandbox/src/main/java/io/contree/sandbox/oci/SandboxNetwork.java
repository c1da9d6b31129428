package io.contree.sandbox.oci;

import io.contree.linux.PinnedNamespaces;
import io.contree.sandbox.NetworkUse;
import io.contree.sandbox.egress.EgressSlot;
import java.util.List;
import java.util.Optional;

/**
 * What a sandbox gets of the network: nothing, or a slot.
 *
 * @param resolvConf the text of its {@code /etc/resolv.conf}
 */
record SandboxNetwork(Optional<EgressSlot> slot, List<String> nameservers, String resolvConf) implements AutoCloseable {
    /** Loopback only. */
    static final SandboxNetwork NONE =
            new SandboxNetwork(Optional.empty(), List.of(), "# This sandbox has no network.\n");

    /** What the container joins; empty if it gets new ones. */
    Optional<PinnedNamespaces> namespaces() {
        return slot.map(EgressSlot::namespaces);
    }

    Optional<NetworkUse> use() {
        return slot.map(used -> new NetworkUse(EgressSlot.INTERFACE, used.address(), nameservers, used.traffic()));
    }

    /** The sandbox has ended. */
    @Override
    public void close() {
        slot.ifPresent(EgressSlot::release);
    }
}
