package io.contree.sdk;

/** The request itself is wrong: correct it. Sending it again changes nothing. */
public final class InvalidRequestException extends ContreeClientException {
    InvalidRequestException(String message) {
        super(message, null);
    }
}
