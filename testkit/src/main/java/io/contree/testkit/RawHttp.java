package io.contree.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A connection for what no proper client would send. */
public final class RawHttp implements AutoCloseable {
    private final Socket socket;

    public RawHttp(URI server) throws IOException {
        socket = new Socket(server.getHost(), server.getPort());
        socket.setSoTimeout(20_000);
    }

    public RawHttp send(String text) throws IOException {
        socket.getOutputStream().write(text.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    public InputStream in() throws IOException {
        return socket.getInputStream();
    }

    /** Everything until the server closes. */
    public String readAll() throws IOException {
        return new String(in().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** Sends a request without a body and gives the whole answer. */
    public static String ask(URI server, String requestLine, String... headers) throws IOException {
        try (RawHttp raw = new RawHttp(server)) {
            String more = headers.length == 0 ? "" : String.join("\n", headers) + "\n";
            return raw.send(requestLine + " HTTP/1.1\nHost: x\nConnection: close\n" + more + "\n")
                    .readAll();
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
