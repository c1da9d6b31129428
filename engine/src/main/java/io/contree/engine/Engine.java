package io.contree.engine;

import java.time.Duration;

/** Everything that the server offers, behind HTTP or in the same JVM. Safe for use by many threads. */
public interface Engine extends AutoCloseable {
    Operations operations();

    Subprocesses subprocesses();

    Images images();

    Files files();

    Tokens tokens();

    /** A failure's message as answers may show it: without paths and names that belong to this machine alone. */
    default String shown(String message) {
        return message;
    }

    /**
     * Stops admitting operations, lets running ones finish within the grace time, then ends the rest as FAILED.
     *
     * @return whether there were any operations
     */
    boolean drain(Duration grace) throws InterruptedException;

    /** Ends what still runs as FAILED with the reason that the server stopped, and releases everything; idempotent. */
    @Override
    void close();
}
