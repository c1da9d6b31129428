package io.contree.sdk;

import org.jspecify.annotations.Nullable;

/** A file of this machine cannot be read or written; its cause says why. The server has nothing to do with it. */
public final class LocalFileException extends ContreeClientException {
    LocalFileException(String message, @Nullable Throwable cause) {
        super(message + ": " + cause, cause);
    }
}
