package io.contree.engine.request;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.api.SpawnRequest;
import java.util.List;

/**
 * Which runtime isolates a run.
 *
 * @param allowed names, first the one of a run that does not say
 */
public record RunRuntime(List<String> allowed) {
    private static final int LONG_NAME = 64;

    public RunRuntime {
        allowed = List.copyOf(allowed);
    }

    /** INVALID_ARGUMENT for a run that asks for one that it cannot have; the name otherwise. */
    public String of(SpawnRequest request) {
        String asked = request.runtime();
        if (asked.isEmpty()) {
            return allowed.getFirst();
        }
        if (allowed.contains(asked)) {
            return asked;
        }
        throw new ContreeException(
                ErrorCode.INVALID_ARGUMENT,
                "runtime is " + (asked.length() > LONG_NAME ? "a long text" : "'" + asked + "'")
                        + ", but runs of this server can have: " + String.join(", ", allowed)
                        + ". Name one of them, or leave runtime out for the first.");
    }
}
