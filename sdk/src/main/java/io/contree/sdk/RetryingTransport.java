package io.contree.sdk;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a request again, with growing pauses, when that cannot do a thing twice: after 425 and 429, which promise that
 * nothing was done; after a refused connection; and idempotent requests also after other server errors and broken
 * connections.
 */
final class RetryingTransport implements Transport {
    private static final Logger log = LoggerFactory.getLogger(RetryingTransport.class);
    private static final List<Duration> PAUSES = List.of(
            Duration.ofMillis(100),
            Duration.ofMillis(200),
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            Duration.ofSeconds(2));
    /** A server that is not there rarely comes within seconds: told soon is told better. */
    private static final int REFUSED_TRIES = 2;

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final Transport transport;

    RetryingTransport(Transport transport) {
        this.transport = transport;
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

    private static <R> R repeat(
            Request request,
            Function<Request, R> send,
            ToIntFunction<R> status,
            Function<R, Optional<Duration>> retryAfter) {
        for (int tries = 0; ; tries++) {
            Duration pause = PAUSES.get(Math.min(tries, PAUSES.size() - 1));
            String why;
            try {
                R reply = send.apply(request);
                if (tries >= PAUSES.size() || !isPassing(status.applyAsInt(reply), request.idempotent())) {
                    return reply;
                }
                why = "status " + status.applyAsInt(reply);
                Duration asked = retryAfter.apply(reply).orElse(pause);
                if (asked.compareTo(LONGEST_PAUSE) > 0) {
                    return reply;
                }
                pause = asked.compareTo(pause) > 0 ? asked : pause;
            } catch (UnavailableException e) {
                if (tries >= REFUSED_TRIES) {
                    throw e;
                }
                why = e.getMessage();
            } catch (TransportException e) {
                if (tries >= REFUSED_TRIES || !request.idempotent()) {
                    throw e;
                }
                why = e.getMessage();
            }
            log.debug("{} {} again in {} ms: {}", request.method(), request.path(), pause.toMillis(), why);
            sleep(request, pause);
        }
    }

    private static boolean isPassing(int status, boolean idempotent) {
        return status == 425 || status == 429 || (idempotent && status >= 500);
    }

    private static void sleep(Request request, Duration pause) {
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CallInterruptedException("could not " + request.action() + ": interrupted", e);
        }
    }
}
