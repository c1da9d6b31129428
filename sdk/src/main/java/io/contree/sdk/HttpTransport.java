package io.contree.sdk;

import io.contree.sdk.internal.Workers;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The transport over {@code java.net.http}: HTTP/1.1, no redirects, a time limit on everything. */
final class HttpTransport implements Transport {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    private final ClientConfig config;
    private final ExecutorService executor;
    private final HttpClient client;

    HttpTransport(ClientConfig config) {
        this.config = config;
        this.executor = Workers.daemons("contree-http-");
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                // A redirect would carry the token to wherever it points.
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT_TIMEOUT)
                .executor(executor)
                .build();
    }

    @Override
    public Reply send(Request request) {
        HttpResponse<byte[]> response = exchange(request, BodyHandlers.ofByteArray());
        return new Reply(response.statusCode(), response.headers(), response.body());
    }

    @Override
    public StreamReply open(Request request) {
        HttpResponse<InputStream> response =
                exchange(request, head -> new IdleLimitedBody(request.action(), config.requestTimeout()));
        if (response.statusCode() < 300) {
            return new StreamReply(response.statusCode(), response.headers(), response.body());
        }
        try (InputStream body = response.body()) {
            InputStream whole = new ByteArrayInputStream(body.readAllBytes());
            return new StreamReply(response.statusCode(), response.headers(), whole);
        } catch (IOException e) {
            throw broken(request, e);
        }
    }

    @Override
    public void close() {
        shutDownClient();
        executor.shutdownNow();
    }

    /** Ends the client's own thread and what is under way, which JDKs before 21 leave to the garbage collector. */
    private void shutDownClient() {
        try {
            HttpClient.class.getMethod("shutdownNow").invoke(client);
        } catch (NoSuchMethodException e) {
            // JDK 17 to 20
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a public method of the JDK cannot be called", e);
        }
    }

    private <T> HttpResponse<T> exchange(Request request, BodyHandler<T> handler) {
        if (!request.idempotent() && Thread.currentThread().isInterrupted()) {
            throw new CallInterruptedException("could not " + request.action() + ": interrupted", null);
        }
        CompletableFuture<HttpResponse<T>> answer = client.sendAsync(http(request), handler);
        try {
            return request.idempotent()
                    ? answer.get(config.requestTimeout().toMillis(), TimeUnit.MILLISECONDS)
                    : patiently(answer);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new CallInterruptedException("could not " + request.action() + ": interrupted", e);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new TransportException("could not " + request.action() + ": " + config.baseUrl()
                    + " did not answer within " + config.requestTimeout().toSeconds()
                    + " s; is the server overloaded or the network slow?");
        } catch (ExecutionException e) {
            throw failure(request, e.getCause() == null ? e : e.getCause());
        }
    }

    /** What was started can only be cancelled by what the answer says of it: an interrupt waits for the answer. */
    private <T> HttpResponse<T> patiently(CompletableFuture<HttpResponse<T>> answer)
            throws InterruptedException, ExecutionException, TimeoutException {
        long deadline = System.nanoTime() + config.requestTimeout().toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return answer.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private HttpRequest http(Request request) {
        HttpRequest.Builder http = HttpRequest.newBuilder(config.resolve(request.path()))
                .method(request.method(), request.body() == null ? HttpRequest.BodyPublishers.noBody() : request.body())
                .header("Authorization", "Bearer " + config.token())
                .header("User-Agent", config.userAgent());
        config.project().ifPresent(project -> http.header("Project", project));
        request.headers().forEach(http::header);
        return http.build();
    }

    private ContreeClientException failure(Request request, Throwable cause) {
        if (cause instanceof ConnectException
                || cause instanceof HttpConnectTimeoutException
                || cause instanceof UnresolvedAddressException) {
            return new UnavailableException(
                    "could not " + request.action() + ": no server answers at " + config.baseUrl()
                            + ". Start one (contree server) or correct CONTREE_BASE_URL or the profile.",
                    cause);
        }
        return broken(request, cause);
    }

    private TransportException broken(Request request, Throwable cause) {
        return new TransportException(
                "could not " + request.action() + ": the connection to " + config.baseUrl() + " broke (" + cause + ")",
                cause);
    }
}
