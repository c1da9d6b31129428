package io.contree.store.oci;

import java.io.IOException;

/** An archive that is no tar, or one that breaks its own format; the message says where and how. */
final class MalformedArchiveException extends IOException {
    MalformedArchiveException(String message) {
        super(message);
    }

    MalformedArchiveException(String message, Throwable cause) {
        super(message, cause);
    }
}
