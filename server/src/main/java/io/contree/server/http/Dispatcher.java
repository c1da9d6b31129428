package io.contree.server.http;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.api.Json;
import io.contree.engine.Caller;
import io.contree.engine.HeldBytes;
import io.contree.server.config.HttpSettings;
import io.contree.server.http.exchange.ClientGoneException;
import io.contree.server.http.exchange.ConnectionWatch;
import io.contree.server.http.exchange.Exchange;
import io.contree.server.http.exchange.Failures;
import io.contree.server.http.exchange.Query;
import io.contree.server.http.exchange.RequestBody;
import io.contree.server.http.exchange.RequestLog;
import io.contree.server.http.exchange.Router;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.HttpPrologue;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;

/** Takes every request to its route: authentication first, failures turned into the API's errors and logged at the end. */
final class Dispatcher implements Handler {
    /** The caller of a route that needs no token. */
    private static final Caller NOBODY = new Caller(new UUID(0, 0), new UUID(0, 0), Set.of(), Optional.empty());

    private final Router router;
    private final UnaryOperator<String> shown;
    private final Authentication authentication;
    private final HttpSettings settings;
    private final Cors cors;
    private final RequestLog log = new RequestLog();
    private final ConnectionWatch watch;

    /** The memory that bodies and answers take: JSON needs a few times its length while it is read. */
    private final HeldBytes heap = HeldBytes.ofHeap(8);

    /** @param shown the part of a failure's message that may be in an answer */
    Dispatcher(
            Router router,
            Authentication authentication,
            HttpSettings settings,
            ConnectionWatch watch,
            UnaryOperator<String> shown) {
        this.router = router;
        this.shown = shown;
        this.authentication = authentication;
        this.settings = settings;
        this.cors = new Cors(settings.access());
        this.watch = watch;
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) {
        long start = System.nanoTime();
        RequestBody body = new RequestBody(request, watch, settings.idleTimeout());
        try {
            response.header(HeaderNames.DATE, HttpDate.now());
            if (!cors.answersPreflight(request, response)) {
                cors.allow(request, response);
                cors.guard(request);
                route(request, response, body);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail(request, response, body, stopping(), start);
        } catch (BrokenAnswerException e) {
            log.broke(request, e.reason(), System.nanoTime() - start);
            throw new CloseConnectionException("failed in the middle of an answer", e);
        } catch (ClientGoneException | CloseConnectionException e) {
            log.vanished(request, e);
            throw new CloseConnectionException("the client is gone", e);
        } catch (Exception | StackOverflowError e) {
            fail(request, response, body, e, start);
        }
        // The web server would wait for the client to hang up.
        if (request.headers().containsToken(HeaderValues.CONNECTION_CLOSE)) {
            if (response instanceof RoutingResponse routing) {
                routing.commit(); // the end of a streamed answer, which would otherwise be sent after this
            }
            throw new CloseConnectionException("the client wants no other answer");
        }
    }

    private void route(ServerRequest request, ServerResponse response, RequestBody body) throws Exception {
        HttpPrologue prologue = request.prologue();
        String method = prologue.method().text();
        Router.Found found = router.find(method, prologue.uriPath().rawPath());
        Router.Match match = found.match().orElseThrow(() -> unknown(method, found.allowed(), response));
        Optional<String> authorization = request.headers().first(HeaderNames.AUTHORIZATION);
        Caller caller = match.route().open() ? NOBODY : authentication.caller(authorization);
        Query query = new Query(prologue.query().rawValue());
        HeldBytes.Hold memory = heap.open(caller.project());
        var exchange =
                new Exchange(request, response, body, settings, watch, match.parameters(), query, caller, memory);
        try (memory) {
            match.route().handler().handle(exchange);
        } catch (ClientGoneException | CloseConnectionException e) {
            throw e;
        } catch (Exception e) {
            if (exchange.hasBegun()) {
                throw new BrokenAnswerException(e);
            }
            // Headers of an answer that was not sent are not the error's.
            if (response instanceof RoutingResponse routing && routing.reset()) {
                response.header(HeaderNames.DATE, HttpDate.now());
                cors.allow(request, response);
            }
            throw e;
        }
    }

    private static ContreeException unknown(String method, Set<String> allowed, ServerResponse response) {
        if (allowed.isEmpty()) {
            return new ContreeException(
                    ErrorCode.NOT_FOUND,
                    "There is no such endpoint; this server has those of its openapi.yaml below /v1");
        }
        String methods = String.join(", ", allowed);
        response.header(HeaderNames.ALLOW, methods);
        return new ContreeException(
                ErrorCode.METHOD_NOT_ALLOWED, "this endpoint does not take " + method + "; it takes " + methods);
    }

    private static String id() {
        return Long.toHexString(ThreadLocalRandom.current().nextLong());
    }

    private static ContreeException stopping() {
        return new ContreeException(ErrorCode.UNAVAILABLE, "the server is stopping; try again");
    }

    private void fail(ServerRequest request, ServerResponse response, RequestBody body, Throwable failure, long start) {
        Failures seen = Failures.of(failure).shownAs(shown, Dispatcher::id);
        log.failed(request, seen, failure, System.nanoTime() - start);
        response.status(Status.create(seen.status()));
        seen.retryAfterSeconds().ifPresent(seconds -> response.header(HeaderNames.RETRY_AFTER, seconds));
        if (seen.status() == ErrorCode.UNAUTHENTICATED.status()) {
            response.header(HeaderNames.WWW_AUTHENTICATE, "Bearer");
        }
        boolean ends = body.endsConnection();
        if (ends) {
            response.header(HeaderValues.CONNECTION_CLOSE);
        }
        if (request.prologue().method().text().equals("HEAD")) {
            response.send();
        } else {
            response.header(HeaderNames.CONTENT_TYPE, "application/json");
            response.send(Json.bytes(seen.body()));
        }
        if (ends) {
            body.readRest();
            throw new CloseConnectionException("the rest of the request is not wanted");
        }
    }
}
