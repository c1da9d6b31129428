package io.contree.sdk.internal.http;

import java.io.IOException;

/** A body is longer than any that was expected. */
final class TooLongException extends IOException {
    TooLongException(long limit) {
        super("the answer is longer than " + limit + " bytes");
    }
}
