package io.contree.server.http;

/** An answer cannot be finished after a part of it was sent; only closing the connection can tell the client. */
final class BrokenAnswerException extends Exception {
    private final Exception reason;

    /** An interrupt is passed on to this thread. */
    BrokenAnswerException(Exception reason) {
        super("failed in the middle of an answer", reason);
        this.reason = reason;
        if (reason instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
    }

    Exception reason() {
        return reason;
    }
}
