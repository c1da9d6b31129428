package io.contree.server.http.exchange;

import io.contree.engine.Action;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds the handler of a request by its method and path. Whatever stands before {@code /v1} is ignored, so that the server
 * works behind a gateway that keeps its prefix. A slash at the end counts only where a route has one.
 */
public final class Router {
    private static final String VERSION = "v1";

    /** Answers a request, or throws. */
    public interface Handler {
        void handle(Exchange exchange) throws Exception;
    }

    /** A route: {@code pattern} such as {@code /images/{uuid}/tag}; {@code open} needs no token. */
    public record Route(String method, String pattern, boolean open, Handler handler) {
        List<String> segments() {
            return List.of(pattern.substring(1).split("/", -1));
        }
    }

    /** A route that matches, with the raw parameters of its path. */
    public record Match(Route route, Map<String, String> parameters) {}

    /**
     * What was found.
     *
     * @param allowed methods of the routes that match the path; empty for an unknown path
     */
    public record Found(Optional<Match> match, Set<String> allowed) {}

    private final List<Route> routes = new ArrayList<>();

    public Router get(String pattern, Action action, Handler handler) {
        return route("GET", pattern, action, handler);
    }

    public Router head(String pattern, Action action, Handler handler) {
        return route("HEAD", pattern, action, handler);
    }

    public Router post(String pattern, Action action, Handler handler) {
        return route("POST", pattern, action, handler);
    }

    public Router patch(String pattern, Action action, Handler handler) {
        return route("PATCH", pattern, action, handler);
    }

    public Router put(String pattern, Action action, Handler handler) {
        return route("PUT", pattern, action, handler);
    }

    public Router delete(String pattern, Action action, Handler handler) {
        return route("DELETE", pattern, action, handler);
    }

    /** A GET that needs no token. */
    public Router open(String pattern, Handler handler) {
        routes.add(new Route("GET", pattern, true, handler));
        return this;
    }

    /** A GET that any token may make. */
    public Router get(String pattern, Handler handler) {
        routes.add(new Route("GET", pattern, false, handler));
        return this;
    }

    /** The engine refuses before the handler has looked at the request. */
    private Router route(String method, String pattern, Action action, Handler handler) {
        routes.add(new Route(method, pattern, false, exchange -> {
            action.require(exchange.caller());
            handler.handle(exchange);
        }));
        return this;
    }

    public List<Route> routes() {
        return List.copyOf(routes);
    }

    public Found find(String method, String rawPath) {
        List<String> segments =
                Arrays.asList(rawPath.substring(rawPath.startsWith("/") ? 1 : 0).split("/", -1));
        for (int i = 0; i < segments.size(); i++) {
            if (segments.get(i).equals(VERSION)) {
                Found found = findBelow(method, segments.subList(i + 1, segments.size()));
                if (!found.allowed().isEmpty()) {
                    return found;
                }
            }
        }
        return new Found(Optional.empty(), Set.of());
    }

    private Found findBelow(String method, List<String> segments) {
        Found exact = match(method, segments);
        boolean slash = segments.size() > 1 && segments.getLast().isEmpty();
        return exact.allowed().isEmpty() && slash ? match(method, segments.subList(0, segments.size() - 1)) : exact;
    }

    /** What is a path word for word is not the value of a parameter too. */
    private Found match(String method, List<String> segments) {
        List<Match> matches = new ArrayList<>();
        for (Route route : routes) {
            parameters(route.segments(), segments).ifPresent(parameters -> matches.add(new Match(route, parameters)));
        }
        if (matches.stream().anyMatch(match -> match.parameters().isEmpty())) {
            matches.removeIf(match -> !match.parameters().isEmpty());
        }
        Set<String> allowed = new TreeSet<>();
        matches.forEach(match -> allowed.add(match.route().method()));
        return new Found(
                matches.stream()
                        .filter(match -> match.route().method().equals(method))
                        .findFirst(),
                allowed);
    }

    private static Optional<Map<String, String>> parameters(List<String> pattern, List<String> segments) {
        if (pattern.size() != segments.size()) {
            return Optional.empty();
        }
        Map<String, String> parameters = new HashMap<>();
        for (int i = 0; i < pattern.size(); i++) {
            String expected = pattern.get(i);
            String given = segments.get(i);
            if (expected.startsWith("{") && !given.isEmpty()) {
                parameters.put(expected.substring(1, expected.length() - 1), Percent.decode(given, false));
            } else if (!expected.equals(given)) {
                return Optional.empty();
            }
        }
        return Optional.of(parameters);
    }
}
