package io.contree.engine;

import io.contree.api.OperationStatus;
import java.util.Optional;

/** An end that was imposed on an operation from outside, whatever its work would have come to. */
record Verdict(OperationStatus status, Optional<String> error) {
    static final Verdict CANCELLED = new Verdict(OperationStatus.CANCELLED, Optional.empty());

    static Verdict failed(String error) {
        return new Verdict(OperationStatus.FAILED, Optional.of(error));
    }
}
