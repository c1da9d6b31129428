package io.contree.engine.operation;

import io.contree.api.OperationStatus;
import io.contree.api.RunOutcome.Reason;
import java.util.Optional;

/** An end that was imposed on an operation from outside, whatever its work would have come to. */
public record Verdict(OperationStatus status, Optional<String> error, Reason reason) {
    public static final Verdict CANCELLED = new Verdict(OperationStatus.CANCELLED, Optional.empty(), Reason.CANCELLED);

    /** By the server or its machine. */
    public static Verdict failed(String error) {
        return failed(Reason.INFRASTRUCTURE, error);
    }

    public static Verdict failed(Reason reason, String error) {
        return new Verdict(OperationStatus.FAILED, Optional.of(error), reason);
    }
}
