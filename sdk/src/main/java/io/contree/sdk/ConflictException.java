package io.contree.sdk;

/** The request does not fit the state of the thing, such as cancelling what has ended. Look at the state first. */
public final class ConflictException extends ContreeClientException {
    ConflictException(String message) {
        super(message, null);
    }
}
