package io.contree.sdk;

import io.contree.api.OperationKind;
import io.contree.api.OperationStatus;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which operations to list. Starts with all of them; each method gives a narrower query. */
public final class OperationQuery {
    private final @Nullable OperationStatus status;
    private final @Nullable OperationKind kind;

    private OperationQuery(@Nullable OperationStatus status, @Nullable OperationKind kind) {
        this.status = status;
        this.kind = kind;
    }

    public static OperationQuery all() {
        return new OperationQuery(null, null);
    }

    public OperationQuery status(OperationStatus status) {
        return new OperationQuery(status, kind);
    }

    public OperationQuery kind(OperationKind kind) {
        return new OperationQuery(status, kind);
    }

    String path(int limit, long offset) {
        return new Query("/operations")
                .with("limit", limit)
                .with("offset", offset)
                .with("status", Optional.ofNullable(status))
                .with("kind", Optional.ofNullable(kind).map(OperationKind::wire))
                .toString();
    }
}
