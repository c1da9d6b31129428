package io.contree.engine;

import io.contree.api.OperationEvent;
import java.time.Duration;
import java.util.Optional;

/** Reads one operation's log from a point on, first what is logged, then what comes. Used by one thread. */
public interface EventReader extends AutoCloseable {
    /**
     * The next event if there is one within the time; empty if none came, or if {@link #ended}.
     *
     * @param wait zero never waits
     */
    Optional<OperationEvent> next(Duration wait) throws InterruptedException;

    /** True once {@code completion}, always the last event, has been returned. */
    boolean ended();

    @Override
    void close();
}
