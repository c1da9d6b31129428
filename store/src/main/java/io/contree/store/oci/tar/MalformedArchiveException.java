package io.contree.store.oci.tar;

import java.io.IOException;

/** An archive that is not a tar, or one that breaks its own format; the message says where and how. */
public final class MalformedArchiveException extends IOException {
    public MalformedArchiveException(String message) {
        super(message);
    }

    public MalformedArchiveException(String message, Throwable cause) {
        super(message, cause);
    }
}
