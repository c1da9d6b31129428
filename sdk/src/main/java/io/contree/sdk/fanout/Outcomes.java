package io.contree.sdk.fanout;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The outcomes of a fan-out in the order in which its runs end. Asking for the next one waits for it. Runs are started while
 * earlier outcomes wait to be taken, but no more than the bound ahead of whoever takes them.
 *
 * <p>For one thread, except {@link #close}, which any thread may call.
 */
public final class Outcomes<T> implements Iterator<Outcome<T>>, AutoCloseable {
    private final Crew<T> crew;
    private @Nullable Outcome<T> next;

    Outcomes(Crew<T> crew) {
        this.crew = crew;
    }

    /**
     * Waits for a further outcome; false when there is none to come.
     *
     * @throws io.contree.sdk.CallInterruptedException if this thread is interrupted; the runs go on until {@link #close}
     * @throws RuntimeException what the items, the function or the predicate threw; and the first failure of a fan-out that
     *     is to {@linkplain FanOut#failFast fail fast}
     */
    @Override
    public boolean hasNext() {
        if (next == null) {
            next = crew.take();
        }
        return next != null;
    }

    @Override
    public Outcome<T> next() {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException();
        }
        Outcome<T> outcome = next;
        next = null;
        return outcome;
    }

    /** The same outcomes; closing the stream closes them. */
    public Stream<Outcome<T>> stream() {
        return StreamSupport.stream(
                        Spliterators.spliteratorUnknownSize(this, Spliterator.ORDERED | Spliterator.NONNULL), false)
                .onClose(this::close);
    }

    /** The outcome that satisfied the predicate of {@link FanOut#stopWhen}, once a run has. */
    Optional<Outcome<T>> hit() {
        return crew.hit();
    }

    /** Cancels what runs, starts nothing more, and waits until the server has been told. */
    @Override
    public void close() {
        crew.close();
    }
}
