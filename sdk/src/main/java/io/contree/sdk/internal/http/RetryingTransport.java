package io.contree.sdk.internal.http;

import io.contree.sdk.internal.InternalException;
import io.contree.sdk.internal.InternalException.Kind;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a request again, with growing pauses, when that cannot do a thing twice: after 425 and 429, which promise that
 * nothing was done; after a refused connection; and idempotent requests also after other server errors and broken
 * connections. All attempts together keep to the time of one request.
 */
public final class RetryingTransport implements Transport {
    private static final Logger log = LoggerFactory.getLogger(RetryingTransport.class);
    /** A server that is not there rarely comes up within seconds: better to say so soon. */
    private static final int REFUSED_ATTEMPTS = 3;

    private final Transport transport;
    private final Retries retries;
    private final Duration requestTimeout;

    public RetryingTransport(Transport transport, Retries retries, Duration requestTimeout) {
        this.transport = transport;
        this.retries = retries;
        this.requestTimeout = requestTimeout;
    }

    @Override
    public Reply send(Request request) {
        return repeat(request, transport::send, Reply::status, reply -> RetryAfter.of(reply.headers()));
    }

    @Override
    public StreamReply open(Request request) {
        return repeat(request, transport::open, StreamReply::status, reply -> RetryAfter.of(reply.headers()));
    }

    @Override
    public void close() {
        transport.close();
    }

    private <R> R repeat(
            Request request,
            Function<Request, R> send,
            ToIntFunction<R> status,
            Function<R, Optional<Duration>> retryAfter) {
        Deadline deadline = request.deadline().orIn(requestTimeout);
        for (int attempt = 1; ; attempt++) {
            Duration pause = retries.pauseAfter(attempt);
            try {
                R reply = send.apply(request);
                Duration asked = retryAfter.apply(reply).orElse(Duration.ZERO);
                pause = asked.compareTo(pause) > 0 ? asked.plusMillis(pause.toMillis() / 4) : pause;
                boolean again = isPassing(status.applyAsInt(reply), request.idempotent())
                        && attempt < retries.attempts()
                        && asked.compareTo(retries.longestPause()) <= 0;
                if (!again || deadline.remaining().compareTo(pause) <= 0) {
                    return reply;
                }
                log(request, pause, "status " + status.applyAsInt(reply));
            } catch (InternalException e) {
                boolean again = (e.kind() == Kind.UNAVAILABLE || (e.kind() == Kind.CONNECTION && request.idempotent()))
                        && attempt < Math.min(retries.attempts(), REFUSED_ATTEMPTS);
                if (!again || deadline.remaining().compareTo(pause) <= 0) {
                    throw e;
                }
                log(request, pause, e.getMessage());
            }
            sleep(request, pause);
        }
    }

    /** Whether another attempt may help, and can do no harm. */
    private static boolean isPassing(int status, boolean idempotent) {
        return status == 425 || status == 429 || (idempotent && status >= 500 && status != 501);
    }

    private static void log(Request request, Duration pause, @org.jspecify.annotations.Nullable String why) {
        log.debug("{} {} again in {} ms: {}", request.method(), request.path(), pause.toMillis(), why);
    }

    private static void sleep(Request request, Duration pause) {
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InternalException(Kind.INTERRUPTED, "could not " + request.action() + ": interrupted", e);
        }
    }
}
