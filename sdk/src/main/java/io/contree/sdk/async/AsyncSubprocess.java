package io.contree.sdk.async;

import io.contree.sdk.ProcessResult;
import io.contree.sdk.Subprocess;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow.Publisher;

/** The twin of {@link Subprocess}. */
public final class AsyncSubprocess {
    private final Subprocess process;
    private final Calls calls;

    AsyncSubprocess(Subprocess process, Calls calls) {
        this.process = process;
        this.calls = calls;
    }

    /** Twin of {@link Subprocess#spid()}. */
    public int spid() {
        return process.spid();
    }

    /** Twin of {@link Subprocess#operation()}. */
    public UUID operation() {
        return process.operation();
    }

    /** Twin of {@link Subprocess#result()}. */
    public CompletableFuture<ProcessResult> result() {
        return calls.call(process::result);
    }

    /** Twin of {@link Subprocess#await()}. The process goes on if the future is cancelled. */
    public CompletableFuture<ProcessResult> await() {
        return calls.call(() -> process.await());
    }

    /** Twin of {@link Subprocess#await(Duration)}. The process goes on if the future is cancelled. */
    public CompletableFuture<ProcessResult> await(Duration atMost) {
        return calls.call(() -> process.await(atMost));
    }

    /** Twin of {@link Subprocess#stdout()}; each subscriber gets it from its start. */
    public Publisher<ByteBuffer> stdout() {
        return calls.bytes(process::stdout);
    }

    /** Twin of {@link Subprocess#stderr()}; each subscriber gets it from its start. */
    public Publisher<ByteBuffer> stderr() {
        return calls.bytes(process::stderr);
    }

    /** Twin of {@link Subprocess#write(byte[])}; write the next piece when this one's future is complete. */
    public CompletableFuture<Void> write(byte[] bytes) {
        return calls.run(() -> process.write(bytes));
    }

    /** Twin of {@link Subprocess#closeStdin()}. */
    public CompletableFuture<Void> closeStdin() {
        return calls.run(process::closeStdin);
    }

    /** Twin of {@link Subprocess#signal(String)}. */
    public CompletableFuture<Void> signal(String signal) {
        return calls.run(() -> process.signal(signal));
    }

    /** Twin of {@link Subprocess#kill()}. */
    public CompletableFuture<Void> kill() {
        return calls.run(process::kill);
    }

    /** Kills, on this thread. */
    void killNow() {
        process.kill();
    }

    @Override
    public String toString() {
        return process.toString();
    }
}
