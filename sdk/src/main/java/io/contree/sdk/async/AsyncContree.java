package io.contree.sdk.async;

import io.contree.api.Whoami;
import io.contree.sdk.Contree;
import io.contree.sdk.session.SessionStore;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The twin of {@link Contree}: the same client, whose calls are carried out on threads of their own. */
public final class AsyncContree implements AutoCloseable {
    private final Contree contree;
    private final Calls calls;

    private AsyncContree(Contree contree, Calls calls) {
        this.contree = contree;
        this.calls = calls;
    }

    /**
     * A client whose calls run on an executor; {@link Contree#async()} brings one along. The executor needs a thread for
     * each call that is under way, as its thread waits.
     */
    public static AsyncContree over(Contree contree, Executor executor) {
        return new AsyncContree(contree, new Calls(executor));
    }

    public AsyncImages images() {
        return new AsyncImages(contree.images(), contree.operations()::cancel, calls);
    }

    public AsyncOperations operations() {
        return new AsyncOperations(contree.operations(), calls);
    }

    public AsyncFiles files() {
        return new AsyncFiles(contree.files(), calls);
    }

    /** Twin of {@link Contree#session(SessionStore)}. */
    public AsyncSession session(SessionStore store) {
        return new AsyncSession(contree.session(store), calls);
    }

    /** Twin of {@link Contree#whoami()}. */
    public CompletableFuture<Whoami> whoami() {
        return calls.call(contree::whoami);
    }

    public URI baseUrl() {
        return contree.baseUrl();
    }

    /** The client underneath, which waits; it is closed together with this one. */
    public Contree blocking() {
        return contree;
    }

    /**
     * Carries out whatever is done with the blocking client. Completing the future from outside interrupts it; a run
     * that it waits for is then cancelled on the server.
     */
    public <T extends @Nullable Object> CompletableFuture<T> call(Function<? super Contree, ? extends T> task) {
        return calls.call(() -> task.apply(contree));
    }

    /** Closes the client underneath, which ends calls that are under way. Runs of cancelled futures are cancelled before. */
    @Override
    public void close() {
        calls.awaitStopped();
        contree.close();
    }
}
