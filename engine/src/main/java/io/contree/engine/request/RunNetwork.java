package io.contree.engine.request;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.api.SpawnRequest;
import io.contree.api.SpawnRequest.Networking;
import io.contree.sandbox.NetworkPolicy;
import java.util.Optional;
import java.util.function.Function;

/**
 * Whether runs have a network.
 *
 * @param byDefault for a run that does not say
 * @param refusals why no run with the runtime of a name can have one; empty if it can
 */
public record RunNetwork(boolean byDefault, Function<String, Optional<String>> refusals) {
    public boolean isPossible(String runtime) {
        return refusals.apply(runtime).isEmpty();
    }

    /** INVALID_ARGUMENT for a run that asks for what it cannot have; one that does not ask gets what there is. */
    public Networking of(SpawnRequest request, String runtime) {
        Optional<String> refusal = refusals.apply(runtime);
        if (request.networking().isEmpty()) {
            return new Networking(byDefault && refusal.isEmpty());
        }
        Networking asked = request.networking().get();
        if (asked.enabled() && refusal.isPresent()) {
            throw new ContreeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "networking.enabled is true, but this run would have the loopback interface only: " + refusal.get()
                            + ". Leave it out or set it to false.");
        }
        return asked;
    }

    /** What the sandbox of a run may reach, once {@link #of} has settled its request. */
    public static NetworkPolicy policy(SpawnRequest settled) {
        return settled.networking().filter(Networking::enabled).isPresent()
                ? new NetworkPolicy.Internet()
                : new NetworkPolicy.None();
    }
}
