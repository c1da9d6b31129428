package io.contree.engine;

import io.contree.api.OperationStatus;
import io.contree.api.RunOutcome.Reason;
import java.util.Optional;

/** An end that was imposed on an operation from outside, whatever its work would have come to. */
record Verdict(OperationStatus status, Optional<String> error, Reason reason) {
    static final Verdict CANCELLED = new Verdict(OperationStatus.CANCELLED, Optional.empty(), Reason.CANCELLED);

    /** By the server or its machine. */
    static Verdict failed(String error) {
        return failed(Reason.INFRASTRUCTURE, error);
    }

    static Verdict failed(Reason reason, String error) {
        return new Verdict(OperationStatus.FAILED, Optional.of(error), reason);
    }
}
