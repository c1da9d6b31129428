package io.contree.sandbox.oci;

import java.io.InputStream;
import java.io.OutputStream;

/** What a runtime has started for one container, which lives as long as the container does, and the streams to its init. */
interface RuntimeProcess extends AutoCloseable {
    /** What init says, until nobody can say more or {@link #close} is called. */
    InputStream fromInit();

    OutputStream toInit();

    /** Kills it, and with it the container. */
    void destroy();

    /**
     * Waits for the end, even when interrupted.
     *
     * @param impatient called each time the wait takes long
     * @return the exit code
     */
    int awaitExit(Runnable impatient);

    /** Ends the stream from init, even for a thread that is reading it. */
    @Override
    void close();
}
