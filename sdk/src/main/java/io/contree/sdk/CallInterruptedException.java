package io.contree.sdk;

import org.jspecify.annotations.Nullable;

/** The calling thread was interrupted while it waited; its interrupt flag is set again. */
public final class CallInterruptedException extends ContreeClientException {
    public CallInterruptedException(String message, @Nullable InterruptedException cause) {
        super(message, cause);
    }
}
