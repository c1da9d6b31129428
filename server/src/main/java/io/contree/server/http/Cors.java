package io.contree.server.http;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.server.config.HttpAccess;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Which web pages may call, and what their browsers are told (the CORS protocol of the Fetch standard). */
final class Cors {
    private static final HeaderName ORIGIN = HeaderNames.create("Origin");
    private static final HeaderName ASKED_METHOD = HeaderNames.create("Access-Control-Request-Method");
    private static final Pattern LOOPBACK =
            Pattern.compile("(localhost|127(\\.\\d{1,3}){3}|\\[::1])(:\\d{1,5})?", Pattern.CASE_INSENSITIVE);

    private final HttpAccess access;

    Cors(HttpAccess access) {
        this.access = access;
    }

    /** Answers a preflight request of a browser; false if this is not one, or not from an allowed page. */
    boolean answersPreflight(ServerRequest request, ServerResponse response) {
        if (!request.prologue().method().text().equals("OPTIONS")
                || !request.headers().contains(ASKED_METHOD)
                || allowed(request).isEmpty()) {
            return false;
        }
        allow(request, response);
        response.header("Access-Control-Allow-Methods", "GET, HEAD, POST, PATCH, DELETE");
        response.header(
                "Access-Control-Allow-Headers", "Authorization, Content-Type, Last-Event-Id, Project, Accept-Encoding");
        response.header("Access-Control-Max-Age", "600");
        response.status(Status.NO_CONTENT_204).send();
        return true;
    }

    /** Lets an allowed page read the answer. */
    void allow(ServerRequest request, ServerResponse response) {
        if (access.origins().isEmpty()) {
            return;
        }
        response.headers().add(HeaderNames.VARY, "Origin");
        allowed(request).ifPresent(origin -> {
            response.header("Access-Control-Allow-Origin", origin);
            response.header("Access-Control-Expose-Headers", "Location, Retry-After, Content-Disposition");
        });
    }

    /**
     * Without tokens any page in a browser of this machine could call: pages that are not allowed are refused, and so
     * are host names that somebody else's DNS resolves to a loopback address.
     */
    void guard(ServerRequest request) {
        if (!access.open()) {
            return;
        }
        boolean foreign = request.headers().contains(ORIGIN) && allowed(request).isEmpty();
        boolean renamed = !LOOPBACK.matcher(
                        request.headers().first(HeaderNames.HOST).orElse(""))
                .matches();
        if (foreign || renamed) {
            throw new ContreeException(
                    ErrorCode.PERMISSION_DENIED,
                    foreign
                            ? "this server takes no requests from web pages; allow their origin with --cors-origins"
                            : "this server needs no token, so it answers only as localhost or a loopback address");
        }
    }

    private Optional<String> allowed(ServerRequest request) {
        Set<String> origins = access.origins();
        return request.headers().first(ORIGIN).filter(origin -> origins.contains("*") || origins.contains(origin));
    }
}
