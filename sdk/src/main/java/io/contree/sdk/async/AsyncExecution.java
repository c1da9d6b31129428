package io.contree.sdk.async;

import io.contree.api.OperationEvent;
import io.contree.sdk.Execution;
import io.contree.sdk.Operation;
import io.contree.sdk.OutputListener;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow.Publisher;
import java.util.function.Consumer;

/** The twin of {@link Execution}. */
public final class AsyncExecution {
    private final Execution execution;
    private final Calls calls;

    AsyncExecution(Execution execution, Calls calls) {
        this.execution = execution;
        this.calls = calls;
    }

    /** Twin of {@link Execution#operation()}. */
    public UUID operation() {
        return execution.operation();
    }

    /** Twin of {@link Execution#whenEnded}. */
    public AsyncExecution whenEnded(Consumer<Operation> listener) {
        return new AsyncExecution(execution.whenEnded(listener), calls);
    }

    /** Twin of {@link Execution#await()}. Cancelling the future cancels the run on the server. */
    public CompletableFuture<AsyncRunResult> await() {
        return calls.call(() -> new AsyncRunResult(execution.await(), calls));
    }

    /** Twin of {@link Execution#await(Duration)}. Cancelling the future cancels the run on the server. */
    public CompletableFuture<AsyncRunResult> await(Duration atMost) {
        return calls.call(() -> new AsyncRunResult(execution.await(atMost), calls));
    }

    /** Twin of {@link Execution#follow(OutputListener)}; the listener is called on the thread of the call. */
    public CompletableFuture<AsyncRunResult> follow(OutputListener listener) {
        return calls.call(() -> new AsyncRunResult(execution.follow(listener), calls));
    }

    /** Twin of {@link Execution#events()}. Cancelling a subscription leaves the run as it is. */
    public Publisher<OperationEvent> events() {
        return calls.events(execution::events);
    }

    /** Twin of {@link Execution#writeStdin}. */
    public CompletableFuture<Void> writeStdin(byte[] bytes) {
        return calls.run(() -> execution.writeStdin(bytes));
    }

    /** Twin of {@link Execution#closeStdin}. */
    public CompletableFuture<Void> closeStdin() {
        return calls.run(execution::closeStdin);
    }

    /** Twin of {@link Execution#stdinFrom}; it does not wait. */
    public AsyncExecution stdinFrom(InputStream stream) {
        return new AsyncExecution(execution.stdinFrom(stream), calls);
    }

    /** Twin of {@link Execution#signal}. */
    public CompletableFuture<Void> signal(String signal) {
        return calls.run(() -> execution.signal(signal));
    }

    /** Twin of {@link Execution#stdout()}; each subscriber gets it from its start. */
    public Publisher<ByteBuffer> stdout() {
        return calls.bytes(execution::stdout);
    }

    /** Twin of {@link Execution#stderr()}; each subscriber gets it from its start. */
    public Publisher<ByteBuffer> stderr() {
        return calls.bytes(execution::stderr);
    }

    /** Twin of {@link Execution#subprocesses()}. */
    public AsyncSubprocesses subprocesses() {
        return new AsyncSubprocesses(execution.subprocesses(), calls);
    }

    /** Cancels, on this thread. */
    void cancelNow() {
        execution.cancel();
    }

    /** Twin of {@link Execution#cancel()}. */
    public CompletableFuture<Void> cancel() {
        return calls.run(execution::cancel);
    }
}
