package io.contree.sdk;

import org.jspecify.annotations.Nullable;

/** The server failed, or answered what no server of this protocol answers. The request may have been carried out. */
public final class ServerException extends ContreeClientException {
    ServerException(String message) {
        this(message, null);
    }

    ServerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
