package io.contree.sdk.internal.http;

import io.contree.sdk.internal.InternalException;
import io.contree.sdk.internal.InternalException.Kind;
import io.contree.sdk.internal.Workers;
import io.contree.sdk.internal.config.ClientConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.nio.channels.UnresolvedAddressException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Phaser;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.zip.ZipException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The transport over {@code java.net.http}: HTTP/1.1, no redirects, a time limit and a size limit on everything. */
public final class HttpTransport implements Transport {
    private static final Logger log = LoggerFactory.getLogger(HttpTransport.class);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    /** The longest JSON: a page of a long list, or an operation with 10 MiB of each output stream in Base64. */
    private static final int LONGEST_REPLY = 64 << 20;

    private static final int LONGEST_ERROR = 64 << 10;
    private static final Duration START_GRACE = Duration.ofSeconds(2);
    private static final Duration CLOSE_GRACE = Duration.ofSeconds(2);

    private final ClientConfig config;
    private final ExecutorService executor;
    private final HttpClient client;
    /** Answers that are still to come, of requests whose callers were interrupted. */
    private final Phaser orphans = new Phaser(1);
    /** What closing has to end itself: the {@code HttpClient} has been able to only since Java 21. */
    private final Set<Runnable> underWay = ConcurrentHashMap.newKeySet();

    private final Set<IdleLimitedBody> streams = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    public HttpTransport(ClientConfig config) {
        this.config = config;
        this.executor = Workers.daemons("contree-http-");
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                // A redirect would carry the token to wherever it points.
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT_TIMEOUT)
                .executor(executor);
        if ("http".equals(config.baseUrl().getScheme())) {
            builder.sslContext(trustingNobody());
        }
        this.client = builder.build();
    }

    /** Without it the client reads all certificates of the JDK, TLS or not: a noticeable part of what a short program takes. */
    private static SSLContext trustingNobody() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[0], new TrustManager[0], null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }

    @Override
    public Reply send(Request request) {
        HttpResponse<byte[]> response = exchange(request, head -> body(head.statusCode()), request.orphaned());
        return reply(request, response);
    }

    private static BoundedBody body(int status) {
        return status < 300 ? new BoundedBody(LONGEST_REPLY, false) : new BoundedBody(LONGEST_ERROR, true);
    }

    private Reply reply(Request request, HttpResponse<byte[]> response) {
        try {
            byte[] body = Encodings.decoded(response.headers(), response.body(), LONGEST_REPLY);
            return new Reply(response.statusCode(), response.headers(), body);
        } catch (IOException e) {
            throw failure(request, e);
        }
    }

    @Override
    public StreamReply open(Request request) {
        Duration idle = request.deadline().orIn(config.requestTimeout()).remaining();
        HttpResponse<InputStream> response = exchange(request, head -> stream(request.action(), idle), null);
        InputStream raw = response.body();
        try {
            InputStream body = Encodings.decoded(response.headers(), raw);
            if (response.statusCode() < 300) {
                return new StreamReply(response.statusCode(), response.headers(), body);
            }
            byte[] error = body.readNBytes(LONGEST_ERROR);
            raw.close();
            return new StreamReply(response.statusCode(), response.headers(), new ByteArrayInputStream(error));
        } catch (IOException e) {
            close(raw, e);
            throw failure(request, e);
        }
    }

    private IdleLimitedBody stream(String action, Duration idle) {
        IdleLimitedBody stream = new IdleLimitedBody(action, idle, streams::remove);
        streams.add(stream);
        if (closed) {
            stream.close();
        }
        return stream;
    }

    private static void close(InputStream body, IOException reason) {
        try {
            body.close();
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    @Override
    public void close() {
        closed = true;
        awaitOrphans();
        underWay.forEach(Runnable::run);
        streams.forEach(IdleLimitedBody::close);
        shutDownClient();
        executor.shutdownNow();
    }

    /** What an interrupted call may have started is still to be cancelled, which takes a moment and a connection. */
    private void awaitOrphans() {
        try {
            orphans.awaitAdvanceInterruptibly(orphans.arrive(), CLOSE_GRACE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException e) {
            // They are given up.
        }
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

    private <T> HttpResponse<T> exchange(Request request, BodyHandler<T> handler, @Nullable Consumer<Reply> orphaned) {
        if (!request.idempotent() && Thread.currentThread().isInterrupted()) {
            throw new InternalException(Kind.INTERRUPTED, "could not " + request.action() + ": interrupted");
        }
        SentBody sent = request.body() == null ? null : new SentBody(request.body());
        CompletableFuture<HttpResponse<T>> answer = send(request, sent, handler);
        try {
            return await(request, answer, sent);
        } catch (CancellationException e) {
            throw closed(request);
        } catch (InterruptedException e) {
            if (orphaned != null && arrivesSoon(answer)) {
                Thread.currentThread().interrupt();
                return answer.join();
            }
            if (orphaned != null) {
                adopt(answer, orphaned);
            } else {
                answer.cancel(true);
            }
            Thread.currentThread().interrupt();
            throw new InternalException(Kind.INTERRUPTED, "could not " + request.action() + ": interrupted", e);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new InternalException(
                    Kind.CONNECTION,
                    "could not " + request.action() + ": " + config.baseUrl()
                            + " did not answer in time; is the server overloaded or the network slow?");
        } catch (ExecutionException e) {
            throw failure(request, e.getCause() == null ? e : e.getCause());
        }
    }

    private <T> CompletableFuture<HttpResponse<T>> send(
            Request request, @Nullable SentBody sent, BodyHandler<T> handler) {
        if (closed) {
            throw closed(request);
        }
        CompletableFuture<HttpResponse<T>> answer = sendNow(request, sent, handler);
        Runnable end = () -> answer.cancel(true);
        underWay.add(end);
        var unused = answer.whenComplete((response, failure) -> underWay.remove(end));
        if (closed) {
            end.run();
        }
        return answer;
    }

    private <T> CompletableFuture<HttpResponse<T>> sendNow(
            Request request, @Nullable SentBody sent, BodyHandler<T> handler) {
        try {
            return client.sendAsync(http(request, sent), handler);
        } catch (RejectedExecutionException e) {
            throw closed(request);
        }
    }

    private static InternalException closed(Request request) {
        return new InternalException(Kind.CLOSED, "could not " + request.action() + ": the client is closed");
    }

    /** Waits; while the body is on its way the time starts anew with each piece of it. */
    private <T> HttpResponse<T> await(
            Request request, CompletableFuture<HttpResponse<T>> answer, @Nullable SentBody sent)
            throws InterruptedException, ExecutionException, TimeoutException {
        Deadline deadline = request.deadline().orIn(config.requestTimeout());
        while (true) {
            try {
                return answer.get(Math.max(0, deadline.remaining().toNanos()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                Duration silent =
                        sent == null ? config.requestTimeout() : Duration.ofNanos(System.nanoTime() - sent.lastSent());
                deadline = request.deadline().orIn(config.requestTimeout().minus(silent));
                if (deadline.isOver()) {
                    throw e;
                }
            }
        }
    }

    /**
     * What was started can only be cancelled by what the answer says of it, so an interrupted caller still waits for it, for
     * a moment.
     */
    private static boolean arrivesSoon(CompletableFuture<?> answer) {
        try {
            answer.get(START_GRACE.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            return false; // the caller's interrupt is set again by whoever asks
        }
    }

    /** Waits on for an answer, beside the caller, and hands it on. */
    private <T> void adopt(CompletableFuture<HttpResponse<T>> answer, Consumer<Reply> orphaned) {
        orphans.register();
        var unused = answer.handleAsync(
                (response, failure) -> {
                    try {
                        if (response != null && response.body() instanceof byte[] body) {
                            orphaned.accept(new Reply(response.statusCode(), response.headers(), body));
                        }
                    } catch (RuntimeException e) {
                        log.debug("could not undo what an interrupted call started", e);
                    } finally {
                        orphans.arriveAndDeregister();
                    }
                    return null;
                },
                executor);
        CompletableFuture.delayedExecutor(config.requestTimeout().toMillis(), TimeUnit.MILLISECONDS, executor)
                .execute(() -> answer.cancel(true));
    }

    private HttpRequest http(Request request, @Nullable SentBody body) {
        HttpRequest.Builder http = HttpRequest.newBuilder(config.resolve(request.path()))
                .method(request.method(), body == null ? HttpRequest.BodyPublishers.noBody() : body)
                .header("Authorization", "Bearer " + config.token())
                .header("User-Agent", config.userAgent());
        config.project().ifPresent(project -> http.header("Project", project));
        request.headers().forEach(http::header);
        return http.build();
    }

    private InternalException failure(Request request, Throwable cause) {
        if (closed) {
            return closed(request);
        }
        if (cause instanceof ConnectException
                || cause instanceof HttpConnectTimeoutException
                || cause instanceof UnresolvedAddressException) {
            return new InternalException(
                    Kind.UNAVAILABLE,
                    "could not " + request.action() + ": no server answers at " + config.baseUrl()
                            + ". Start one (contree server) or correct CONTREE_BASE_URL or the profile.",
                    cause);
        }
        if (cause instanceof TooLongException || cause instanceof ZipException) {
            return new InternalException(
                    Kind.ANSWER,
                    "could not " + request.action() + ": " + cause.getMessage() + "; is it a contree server?",
                    cause);
        }
        return new InternalException(
                Kind.CONNECTION,
                "could not " + request.action() + ": the connection to " + config.baseUrl() + " broke (" + cause + ")",
                cause);
    }
}
