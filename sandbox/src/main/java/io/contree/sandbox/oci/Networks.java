package io.contree.sandbox.oci;

import io.contree.sandbox.Reservation;
import io.contree.sandbox.SandboxException;
import io.contree.sandbox.SandboxException.Kind;
import io.contree.sandbox.egress.Egress;
import io.contree.sandbox.egress.EgressConfig;
import io.contree.sandbox.egress.EgressSlot;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The networks of one server's sandboxes, if it has any.
 *
 * @param refusal why sandboxes cannot have one; empty if they can
 */
record Networks(Optional<Egress> egress, Optional<String> refusal) implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Networks.class);
    private static final String NOT_WANTED = "the server is set to give runs no network";

    /** Opens what the settings ask for, if this machine can. What an earlier server left is removed in any case. */
    static Networks open(Egress.Place place, Optional<EgressConfig> config, ContainerRuntime runtime) {
        removeLeftovers(place);
        if (config.isEmpty()) {
            return new Networks(Optional.empty(), Optional.of(NOT_WANTED));
        }
        if (runtime.entry().isEmpty()) {
            return new Networks(
                    Optional.empty(),
                    Optional.of("runs have no network with this runtime yet, which is " + runtime.description()));
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

    /** A network for a sandbox, with what else is kept for it. */
    Reservation reserve(ContainerRuntime runtime) throws IOException {
        if (egress.isEmpty()) {
            throw new SandboxException(Kind.START, "no sandbox can have a network: " + refusal.orElse(""));
        }
        EgressSlot slot = egress.get().take();
        try {
            Reservation without = slot.ids().isPresent() ? Reservation.withoutNetwork(slot.ids()) : runtime.reserve();
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
