package io.contree.sdk;

import org.jspecify.annotations.Nullable;

/** The connection broke or the answer did not come in time. The request may have been carried out. */
public final class TransportException extends ContreeClientException {
    TransportException(String message) {
        this(message, null);
    }

    TransportException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
