package io.contree.sandbox;

/** Why a sandbox or one of its processes could not do what was asked; the message is fit for a user. */
public final class SandboxException extends RuntimeException {
    /** What a caller can do about it. */
    public enum Kind {
        /** The runtime could not start the container. */
        START,
        /** The process or container has ended, or its standard input is closed. */
        CLOSED
    }

    private final Kind kind;

    public SandboxException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public SandboxException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
