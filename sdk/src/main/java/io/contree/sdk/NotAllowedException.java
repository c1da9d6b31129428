package io.contree.sdk;

/** The token is missing, unknown, expired, or lacks a permission. */
public final class NotAllowedException extends ContreeClientException {
    NotAllowedException(String message) {
        super(message, null);
    }
}
