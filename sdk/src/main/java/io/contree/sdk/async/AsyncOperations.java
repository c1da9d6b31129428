package io.contree.sdk.async;

import io.contree.api.OperationEvent;
import io.contree.api.OperationSummary;
import io.contree.sdk.Operation;
import io.contree.sdk.OperationQuery;
import io.contree.sdk.Operations;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow.Publisher;
import java.util.function.Function;

/** The twin of {@link Operations}. */
public final class AsyncOperations {
    private final Operations operations;
    private final Calls calls;

    AsyncOperations(Operations operations, Calls calls) {
        this.operations = operations;
        this.calls = calls;
    }

    /** Twin of {@link Operations#list()}. */
    public Publisher<OperationSummary> list() {
        return list(OperationQuery.all());
    }

    /** Twin of {@link Operations#list(OperationQuery)}; a page is asked for when there is demand for its elements. */
    public Publisher<OperationSummary> list(OperationQuery query) {
        return calls.each(() -> operations.list(query), Function.identity());
    }

    /** Twin of {@link Operations#get(UUID)}. */
    public CompletableFuture<Operation> get(UUID operation) {
        return calls.call(() -> operations.get(operation));
    }

    /** Twin of {@link Operations#peek(UUID)}. */
    public CompletableFuture<Operation> peek(UUID operation) {
        return calls.call(() -> operations.peek(operation));
    }

    /** Twin of {@link Operations#attach(UUID)}. */
    public AsyncExecution attach(UUID operation) {
        return new AsyncExecution(operations.attach(operation), calls);
    }

    /** Twin of {@link Operations#cancel(UUID)}. */
    public CompletableFuture<Void> cancel(UUID operation) {
        return calls.run(() -> operations.cancel(operation));
    }

    /** Twin of {@link Operations#events(UUID)}. */
    public Publisher<OperationEvent> events(UUID operation) {
        return calls.events(() -> operations.events(operation));
    }

    /** Twin of {@link Operations#await(UUID)}. The operation goes on if the future is cancelled. */
    public CompletableFuture<Operation> await(UUID operation) {
        return calls.call(() -> operations.await(operation));
    }

    /** Twin of {@link Operations#await(UUID, Duration)}. The operation goes on if the future is cancelled. */
    public CompletableFuture<Operation> await(UUID operation, Duration atMost) {
        return calls.call(() -> operations.await(operation, atMost));
    }
}
