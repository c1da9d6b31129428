package io.contree.engine.request;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.api.SpawnRequest;
import java.util.Optional;

/**
 * Whether runs have a network.
 *
 * @param byDefault for a run that does not say
 * @param refusal why no run can have one; empty if it can
 */
public record RunNetwork(boolean byDefault, Optional<String> refusal) {
    public boolean isPossible() {
        return refusal.isEmpty();
    }

    /** INVALID_ARGUMENT for a run that asks for what it cannot have; one that does not ask gets what there is. */
    public boolean of(SpawnRequest request) {
        if (request.networking().isEmpty()) {
            return byDefault && isPossible();
        }
        boolean asked = request.networking().get().enabled();
        if (asked && !isPossible()) {
            throw new ContreeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "networking.enabled is true, but runs of this server have the loopback interface only: "
                            + refusal.get() + ". Leave it out or set it to false.");
        }
        return asked;
    }
}
