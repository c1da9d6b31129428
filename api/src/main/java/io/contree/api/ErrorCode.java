package io.contree.api;

/** The kinds of failure that a caller can tell apart, with the HTTP status of each. */
public enum ErrorCode {
    INVALID_ARGUMENT(400),
    UNAUTHENTICATED(401),
    PERMISSION_DENIED(403),
    NOT_FOUND(404),
    METHOD_NOT_ALLOWED(405),
    /** The request does not fit the state of the thing, such as cancelling a finished operation. */
    CONFLICT(409),
    /** It is over, or what the server has of it on disk is damaged: the message says how it heals. */
    GONE(410),
    PAYLOAD_TOO_LARGE(413),
    /** The path exists but has the wrong type. */
    WRONG_TYPE(422),
    /** Not ready yet; nothing was done; try again. */
    TOO_EARLY(425),
    /** A limit on concurrency or rate was reached; nothing was done; try again. */
    TOO_MANY_REQUESTS(429),
    INTERNAL(500),
    /** The server is stopping or its disk is full; nothing was done. */
    UNAVAILABLE(503),
    TIMEOUT(504);

    private final int status;

    ErrorCode(int status) {
        this.status = status;
    }

    public int status() {
        return status;
    }
}
