package io.contree.embedded;

/** This machine or this JVM cannot run a server. The message says what is missing and what to do; nothing is left open. */
public final class CannotStartException extends RuntimeException {
    CannotStartException(String reason, Throwable cause) {
        super("cannot start a contree server in this JVM: " + reason, cause);
    }
}
