package io.contree.sdk;

/** There is no such image, tag, file, operation or path for this project. */
public final class NotFoundException extends ContreeClientException {
    NotFoundException(String message) {
        super(message, null);
    }
}
