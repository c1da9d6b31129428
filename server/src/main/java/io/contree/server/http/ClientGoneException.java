package io.contree.server.http;

import java.io.IOException;

/** The client closed its connection, or stopped in the middle of its request: there is nobody to answer. */
final class ClientGoneException extends IOException {
    ClientGoneException(Exception cause) {
        super("the client is gone", cause);
    }
}
