package io.contree.sandbox.oci;

import io.contree.sandbox.Reservation;
import io.contree.sandbox.SandboxException;
import io.contree.sandbox.SandboxException.Kind;
import io.contree.sandbox.egress.Egress;
import io.contree.sandbox.egress.EgressConfig;
import io.contree.sandbox.egress.EgressSlot;
import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The networks of one server's sandboxes, if it has any: the runtimes share their addresses.
 *
 * @param refusal why no sandbox can have one; empty if those can whose runtime allows it
 */
record Networks(Optional<Egress> egress, Optional<String> refusal) implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Networks.class);
    private static final String NOT_WANTED = "the server is set to give runs no network";

    /** Opens what the settings ask for, if this machine can. What an earlier server left is removed in any case. */
    static Networks open(Egress.Place place, Optional<EgressConfig> config, Collection<ContainerRuntime> runtimes) {
        removeLeftovers(place);
        if (config.isEmpty()) {
            return new Networks(Optional.empty(), Optional.of(NOT_WANTED));
        }
        if (runtimes.stream().allMatch(runtime -> runtime.entry().isEmpty())) {
            return new Networks(
                    Optional.empty(), Optional.of(notWith(runtimes.iterator().next())));
        }
        try {
            return new Networks(Optional.of(Egress.open(place, config.get())), Optional.empty());
        } catch (IOException e) {
            log.debug("No network for sandboxes", e);
            return new Networks(Optional.empty(), Optional.of(String.valueOf(e.getMessage())));
        }
    }

    private static void removeLeftovers(Egress.Place place) {
        try {
            Egress.removeLeftovers(place);
        } catch (IOException e) {
            // It does not disturb runs without a network, and those with one replace it or are refused.
            log.warn("Could not remove what an earlier server left of its network", e);
        }
    }

    /** Why sandboxes of a runtime cannot have one; empty if they can. */
    Optional<String> refusal(ContainerRuntime runtime) {
        return refusal.isEmpty() && runtime.entry().isEmpty() ? Optional.of(notWith(runtime)) : refusal;
    }

    private static String notWith(ContainerRuntime runtime) {
        return "runs have no network with this runtime yet, which is " + runtime.description();
    }

    /** A network for a sandbox, with what else is kept for it. */
    Reservation reserve(ContainerRuntime runtime) throws IOException {
        Optional<String> why = refusal(runtime);
        if (why.isPresent()) {
            throw new SandboxException(Kind.START, "no sandbox can have a network: " + why.get());
        }
        EgressSlot slot = egress.orElseThrow().take(runtime.entry().orElseThrow());
        try {
            Reservation without =
                    slot.ids().isPresent() ? Reservation.withoutNetwork(runtime.name(), slot.ids()) : runtime.reserve();
            return without.with(slot, egress.get().nameservers(), egress.get().resolvConf());
        } catch (IOException | RuntimeException e) {
            slot.release();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        if (egress.isPresent()) {
            egress.get().close();
        }
    }
}
