package io.contree.sdk;

/** The calling thread was interrupted while it waited; its interrupt flag is set again. */
public final class CallInterruptedException extends ContreeClientException {
    public CallInterruptedException(String message, InterruptedException cause) {
        super(message, cause);
    }
}
