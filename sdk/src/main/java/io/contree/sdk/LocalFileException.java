package io.contree.sdk;

import java.io.IOException;

/** A file of this machine cannot be read or written; its cause says why. The server has nothing to do with it. */
public final class LocalFileException extends ContreeClientException {
    LocalFileException(String message, IOException cause) {
        super(message + ": " + cause, cause);
    }
}
