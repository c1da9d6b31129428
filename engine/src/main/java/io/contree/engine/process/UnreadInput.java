package io.contree.engine.process;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import java.time.Duration;

/**
 * How much memory is taken by standard input that was sent to the processes of one run and that they have yet to read.
 * Safe for use by several threads.
 */
final class UnreadInput {
    /** One request alone may be as long as the server allows; several together may not be longer than this. */
    static final long MOST = 8L << 20;

    private static final Duration RETRY = Duration.ofSeconds(1);

    private long held;

    /** @throws ContreeException TOO_MANY_REQUESTS if others hold too much already; nothing is held then */
    synchronized void hold(long bytes) {
        if (held > 0 && held + bytes > MOST) {
            throw new ContreeException(
                    ErrorCode.TOO_MANY_REQUESTS,
                    "Processes of this operation have yet to read " + held
                            + " bytes of standard input; nothing was sent, try again when they have.",
                    RETRY);
        }
        held += bytes;
    }

    synchronized void release(long bytes) {
        held -= bytes;
    }
}
