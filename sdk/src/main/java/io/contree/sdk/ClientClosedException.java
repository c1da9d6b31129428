package io.contree.sdk;

/** The client was closed, before the call or while it was under way. What it started on the server may go on. */
public final class ClientClosedException extends ContreeClientException {
    ClientClosedException(String message) {
        super(message, null);
    }
}
