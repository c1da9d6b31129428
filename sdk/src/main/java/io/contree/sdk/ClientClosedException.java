package io.contree.sdk;

import org.jspecify.annotations.Nullable;

/** The client was closed, before the call or while it was under way. What it started on the server may go on. */
public final class ClientClosedException extends ContreeClientException {
    public ClientClosedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
