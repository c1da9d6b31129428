package io.contree.sdk.async;

import io.contree.sdk.Import;
import io.contree.sdk.ImportListener;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** The twin of {@link Import}: a value. */
public final class AsyncImport {
    private final Import blocking;
    private final Consumer<UUID> cancel;
    private final Calls calls;

    AsyncImport(Import blocking, Consumer<UUID> cancel, Calls calls) {
        this.blocking = blocking;
        this.cancel = cancel;
        this.calls = calls;
    }

    /** Twin of {@link Import#tag(String)}. */
    public AsyncImport tag(String tag) {
        return new AsyncImport(blocking.tag(tag), cancel, calls);
    }

    /** Twin of {@link Import#ifAbsent()}. */
    public AsyncImport ifAbsent() {
        return new AsyncImport(blocking.ifAbsent(), cancel, calls);
    }

    /** Twin of {@link Import#credentials(String, String)}. */
    public AsyncImport credentials(String username, String password) {
        return new AsyncImport(blocking.credentials(username, password), cancel, calls);
    }

    /** Twin of {@link Import#timeout(Duration)}. */
    public AsyncImport timeout(Duration timeout) {
        return new AsyncImport(blocking.timeout(timeout), cancel, calls);
    }

    /** Twin of {@link Import#onProgress(ImportListener)}; the listener is called on the thread of the call. */
    public AsyncImport onProgress(ImportListener listener) {
        return new AsyncImport(blocking.onProgress(listener), cancel, calls);
    }

    /** Twin of {@link Import#execute()}. */
    public CompletableFuture<AsyncImage> execute() {
        return calls.call(() -> new AsyncImage(blocking.execute(), calls));
    }

    /** Twin of {@link Import#start()}. */
    public CompletableFuture<UUID> start() {
        return calls.call(blocking::start, cancel);
    }
}
