package io.contree.sdk;

import io.contree.api.OperationKind;
import io.contree.api.OperationStatus;
import io.contree.sdk.internal.http.Filters;
import java.time.Instant;

/** Which operations to list: a value. Starts with all of them; each method gives a narrower query. */
public final class OperationQuery {
    private final Filters filters;

    private OperationQuery(Filters filters) {
        this.filters = filters;
    }

    public static OperationQuery all() {
        return new OperationQuery(Filters.NONE);
    }

    public OperationQuery status(OperationStatus status) {
        return new OperationQuery(filters.with("status", status));
    }

    public OperationQuery kind(OperationKind kind) {
        return new OperationQuery(filters.with("kind", kind.wire()));
    }

    /** Only operations that were accepted at this moment or later. */
    public OperationQuery since(Instant instant) {
        return new OperationQuery(filters.with("since", instant));
    }

    /** Only operations that were accepted at this moment or earlier. */
    public OperationQuery until(Instant instant) {
        return new OperationQuery(filters.with("until", instant));
    }

    /** At most this many, the newest. */
    public OperationQuery limit(long count) {
        return new OperationQuery(filters.limit(count));
    }

    Filters filters() {
        return filters;
    }
}
