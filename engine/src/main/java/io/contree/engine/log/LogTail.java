package io.contree.engine.log;

import io.contree.api.OperationEvent;
import java.time.Duration;
import java.util.Optional;

/** How far a log may be read at this moment, and how to wait for more. */
public interface LogTail {
    /** The last event, once everything else is in the file; it is never in the file. */
    Optional<OperationEvent> completion();

    /** Bytes of the file that hold whole lines, as far as is known. */
    long length();

    /** Returns when there are more than {@code position} bytes, or the completion, or when the time is up. */
    void await(long position, Duration atMost) throws InterruptedException;
}
