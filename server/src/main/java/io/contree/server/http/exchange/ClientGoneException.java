package io.contree.server.http.exchange;

import java.io.IOException;

/** The client closed its connection, or stopped in the middle of its request: there is nobody to answer. */
public final class ClientGoneException extends IOException {
    ClientGoneException(Exception cause) {
        super("the client is gone", cause);
    }
}
