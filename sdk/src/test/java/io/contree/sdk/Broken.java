package io.contree.sdk;

import io.contree.testkit.ScriptedServer.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;

/** Answers that no server should give. */
public final class Broken {
    private Broken() {}

    /** A head, then bytes as they are, then the end of the connection. */
    public static Answer raw(String head, byte[] body) {
        return connection -> {
            OutputStream out = connection.getOutputStream();
            out.write(("HTTP/1.1 200 OK\r\n" + head + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(body);
            out.flush();
        };
    }

    public static Answer raw(String head, String body) {
        return raw(head, body.getBytes(StandardCharsets.UTF_8));
    }

    /** A compressed body of which only so many bytes come, with a length that fits. */
    public static Answer gzip(String head, String body, int missing) {
        byte[] whole = gzipped(body);
        byte[] part = Arrays.copyOf(whole, whole.length - missing);
        return raw(head + "Content-Encoding: gzip\r\nContent-Length: " + part.length + "\r\n", part);
    }

    /** A body in chunks whose last one breaks off. */
    public static Answer halfChunk(String body) {
        return raw("Transfer-Encoding: chunked\r\n", Integer.toHexString(body.length() + 10) + "\r\n" + body);
    }

    /** Says that much and then nothing more. */
    public static Answer hangAfter(String head, String body) {
        return connection -> {
            raw(head, body).write(connection);
            Answer.hang().write(connection);
        };
    }

    /** A byte now and then, without end, slow enough for the silence never to be long. */
    public static Answer drip(String head, String piece) {
        return repeated(head, piece.getBytes(StandardCharsets.UTF_8), 20);
    }

    /** As much as the client takes. */
    public static Answer endless(String head, String piece) {
        return repeated(head, piece.repeat(50_000).getBytes(StandardCharsets.UTF_8), 0);
    }

    /** What another kind of server says. */
    public static Answer noHttp() {
        return connection ->
                connection.getOutputStream().write("SSH-2.0-x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    /** An error whose page has no end. */
    public static Answer endlessError() {
        return connection -> {
            OutputStream out = connection.getOutputStream();
            out.write("HTTP/1.1 500 Oops\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            byte[] page = "<p>".repeat(10_000).getBytes(StandardCharsets.US_ASCII);
            while (true) {
                out.write(page);
            }
        };
    }

    private static Answer repeated(String head, byte[] piece, int pauseMillis) {
        return connection -> {
            raw(head, "").write(connection);
            OutputStream out = connection.getOutputStream();
            try {
                while (true) {
                    out.write(piece);
                    out.flush();
                    TimeUnit.MILLISECONDS.sleep(pauseMillis);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    private static byte[] gzipped(String body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(body.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }
}
