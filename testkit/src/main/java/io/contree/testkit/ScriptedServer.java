package io.contree.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An HTTP server that answers as it is told, even as no HTTP library would: in part, late, or not at all. One
 * request per connection. A request that was not foreseen is answered with status 599.
 */
public final class ScriptedServer implements AutoCloseable {
    /** A request that came in; header names are in lower case. */
    public record Request(String method, String target, Map<String, String> headers, String body) {
        /** Method and path, without the query. */
        public String line() {
            return method + " " + target.replaceFirst("\\?.*", "");
        }
    }

    private final ServerSocket listener;
    private final Map<String, List<Answer>> script = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    private ScriptedServer(ServerSocket listener) {
        this.listener = listener;
    }

    public static ScriptedServer start() throws IOException {
        ScriptedServer server = new ScriptedServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        Thread.ofVirtual().name("scripted-server").start(server::accept);
        return server;
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    /**
     * Answers a request, told as {@code GET /path}, in this order; the last answer is repeated. A line with a query
     * matches that query alone and goes before one without.
     */
    public ScriptedServer on(String line, Answer... answers) {
        script.put(line, new ArrayList<>(Arrays.asList(answers)));
        return this;
    }

    /** What came so far. */
    public List<Request> requests() {
        return List.copyOf(requests);
    }

    /** Method and path of what came so far. */
    public List<String> lines() {
        return requests.stream().map(Request::line).toList();
    }

    /** The requests with this method and path. */
    public List<Request> requests(String line) {
        return requests.stream().filter(request -> request.line().equals(line)).toList();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket connection = listener.accept();
                open.add(connection);
                Thread.ofVirtual().start(() -> serve(connection));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            Request request = read(new BufferedInputStream(connection.getInputStream()));
            requests.add(request);
            next(request).write(connection);
        } catch (IOException e) {
            // The client went away, or the test is over.
        } finally {
            open.remove(connection);
        }
    }

    private Answer next(Request request) {
        List<Answer> answers = script.get(request.method() + " " + request.target());
        if (answers == null) {
            answers = script.get(request.line());
        }
        if (answers == null) {
            return Answer.status(599, "{\"error\": \"not foreseen: " + request.line() + "\", \"status\": 599}");
        }
        synchronized (answers) {
            return answers.size() > 1 ? answers.removeFirst() : answers.getFirst();
        }
    }

    private static Request read(InputStream in) throws IOException {
        String[] line = readLine(in).split(" ");
        Map<String, String> headers = new LinkedHashMap<>();
        for (String header = readLine(in); !header.isEmpty(); header = readLine(in)) {
            int colon = header.indexOf(':');
            headers.put(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        byte[] bytes = headers.containsKey("transfer-encoding") ? readChunks(in) : in.readNBytes(length);
        String body = new String(bytes, StandardCharsets.UTF_8);
        return new Request(line[0], line[1], Map.copyOf(headers), body);
    }

    private static byte[] readChunks(InputStream in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        int length;
        do {
            length = Integer.parseInt(readLine(in), 16);
            body.write(in.readNBytes(length));
            readLine(in);
        } while (length > 0);
        return body.toByteArray();
    }

    private static String readLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the client went away");
            }
            line.append((char) c);
        }
        return line.toString().stripTrailing();
    }

    /** How to answer one request. */
    public interface Answer {
        void write(Socket connection) throws IOException;

        /** JSON with status 200. */
        static Answer json(String body) {
            return status(200, body);
        }

        /** JSON with a status and further headers, each as {@code Name: value}. */
        static Answer status(int status, String body, String... headers) {
            return bytes(status, body.getBytes(StandardCharsets.UTF_8), headers);
        }

        static Answer bytes(int status, byte[] body, String... headers) {
            return raw(head(status, body.length, headers), body);
        }

        /** A body that breaks off: announced longer than it is. */
        static Answer half(String body) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            return raw(head(200, bytes.length * 2 + 10), bytes);
        }

        /** An event stream of these events, each as {@code id type data}, that ends after them. */
        static Answer events(String... events) {
            StringBuilder frames = new StringBuilder(": keepalive\n\n");
            for (String event : events) {
                String[] parts = event.split(" ", 3);
                frames.append("id: ").append(parts[0]).append("\nevent: ").append(parts[1]);
                frames.append("\ndata: {\"id\": ")
                        .append(parts[0])
                        .append(", \"type\": \"")
                        .append(parts[1]);
                frames.append("\", \"ts\": \"2026-01-02T03:04:05.123456789Z\", ")
                        .append(parts[2])
                        .append("}\n\n");
            }
            String head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";
            return raw(head, frames.toString().getBytes(StandardCharsets.UTF_8));
        }

        /** Closes the connection with a reset and no answer. */
        static Answer reset() {
            return connection -> connection.setSoLinger(true, 0);
        }

        /** Reads the request and never answers, until the client goes away or the server is closed. */
        static Answer hang() {
            return connection -> {
                while (connection.getInputStream().read() >= 0) {
                    // Whatever the client still says.
                }
            };
        }

        private static Answer raw(String head, byte[] body) {
            return connection -> {
                OutputStream out = connection.getOutputStream();
                out.write(head.getBytes(StandardCharsets.US_ASCII));
                out.write(body);
                out.flush();
            };
        }

        private static String head(int status, long length, String... headers) {
            StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Scripted\r\n");
            for (String header : headers) {
                head.append(header).append("\r\n");
            }
            return head + "Content-Length: " + length + "\r\nConnection: close\r\n\r\n";
        }
    }
}
