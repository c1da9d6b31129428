package io.contree.conformance;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Stands in front of a server and records what it is asked. It passes on no request bodies. */
final class CountingProxy implements AutoCloseable {
    private final URI server;
    private final HttpServer proxy;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    CountingProxy(URI server) throws IOException {
        this.server = server;
        this.proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        proxy.setExecutor(threads);
        proxy.createContext("/", this::forward);
        proxy.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + proxy.getAddress().getPort());
    }

    /** Method, path and query of what came. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    private void forward(HttpExchange exchange) throws IOException {
        String target = exchange.getRequestURI().toString();
        requests.add(exchange.getRequestMethod() + " " + target);
        HttpRequest request = HttpRequest.newBuilder(server.resolve(target))
                .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.noBody())
                .header("Authorization", exchange.getRequestHeaders().getFirst("Authorization"))
                .build();
        try (exchange) {
            HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            answer.headers()
                    .firstValue("Location")
                    .ifPresent(to -> exchange.getResponseHeaders().add("Location", to));
            exchange.sendResponseHeaders(answer.statusCode(), answer.body().length == 0 ? -1 : answer.body().length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(answer.body());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        proxy.stop(0);
        threads.close();
        client.close();
    }
}
