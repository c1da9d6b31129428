package io.contree.store;

/** Why the store could not do what was asked. The message says what was tried and what is wrong, fit for a user. */
public final class StoreException extends RuntimeException {
    /** What a caller can do about it. */
    public enum Kind {
        /** There is no such image, file or path. */
        NOT_FOUND,
        /** The path exists but is not of the type asked for. */
        WRONG_TYPE,
        /** The request can never work: a malformed path, reference, archive or manifest. */
        INVALID,
        /** The registry refused or could not be reached; the message has its answer. */
        REGISTRY,
        /** The disk is full, or a limit on bytes or entries was reached. */
        DISK_FULL,
        /** What is on disk is not what was written. */
        CORRUPT,
        /** The same of what was asked for: the message names the image or file, and says how it heals. All else is served. */
        DAMAGED,
        /** The operating system refused. */
        IO,
        /** A disk lost data, so nothing more is recorded until the server is restarted. */
        STOPPED,
        /** The work was cancelled by its caller. */
        CANCELLED
    }

    private final Kind kind;

    public StoreException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public StoreException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
