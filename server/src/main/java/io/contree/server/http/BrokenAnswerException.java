package io.contree.server.http;

/** An answer cannot be finished after a part of it went out; closing the connection is all that tells the client. */
final class BrokenAnswerException extends Exception {
    private final Exception reason;

    /** An interrupt stays one for this thread. */
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
