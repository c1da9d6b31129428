package io.contree.store.oci.registry;

import io.contree.store.StoreException;
import io.contree.store.StoreException.Kind;
import io.contree.store.oci.image.Json;
import io.contree.store.oci.reference.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import tools.jackson.databind.JsonNode;

/**
 * Puts what went wrong with a registry into words: what was tried, the registry's answer, what to do.
 *
 * @param stall how long a body may stay silent
 */
record RegistryFailure(Reference.Remote image, boolean withCredentials, Duration stall) {
    private static final int LARGEST_ERROR = 64 << 10;

    /** A response with an error status; reads and closes its body. */
    StoreException answered(HttpResponse<InputStream> response) {
        int status = response.statusCode();
        StringBuilder text = new StringBuilder(tried())
                .append(" but the registry answered ")
                .append(status)
                .append(words(response))
                .append('.');
        text.append(
                switch (status) {
                    case 401, 403 ->
                        withCredentials
                                ? " Check the user name, the password and what that user may pull."
                                : " It does not exist or needs a login: check the name, or pass credentials.";
                    case 404 -> " Check the name and the tag.";
                    case 429 -> " The registry limits how much may be pulled: wait, or pass credentials.";
                    default -> status >= 500 ? " The registry is in trouble: try again later." : "";
                });
        return new StoreException(Kind.REGISTRY, text.toString());
    }

    /** The errors of the distribution specification, or the start of whatever else came. */
    private String words(HttpResponse<InputStream> response) {
        byte[] body;
        try {
            body = BoundedBody.read(response, LARGEST_ERROR, stall);
        } catch (IOException e) {
            return "";
        }
        try {
            JsonNode first = Json.object(body, "The answer").path("errors").path(0);
            String code = Json.text(first, "code").orElse("");
            String message = Json.text(first, "message").orElse("");
            if (!code.isEmpty() || !message.isEmpty()) {
                return " " + Json.shortened(code + (message.isEmpty() ? "" : ": " + message));
            }
        } catch (StoreException e) {
            // Not JSON: a proxy's page, perhaps.
        }
        String type = response.headers().firstValue("Content-Type").orElse("");
        String text = type.contains("html") ? "" : Json.shortened(new String(body, StandardCharsets.UTF_8));
        return text.isEmpty() ? "" : ": " + text;
    }

    /** No answer at all. */
    StoreException unreachable(String host, IOException cause) {
        return new StoreException(Kind.REGISTRY, tried() + " but " + reason(host, cause), cause);
    }

    private static String reason(String host, Throwable cause) {
        if (cause instanceof UnknownHostException) {
            return "the host " + host + " has no address. Check the name, and this machine's DNS.";
        }
        if (cause instanceof SSLException) {
            return "the TLS connection to " + host + " failed: " + Json.shortened(String.valueOf(cause.getMessage()))
                    + ". Only registries on loopback may speak plain http.";
        }
        if (isTimeout(cause)) {
            return "timed out waiting for " + host + ". Check that it is up and reachable from this machine.";
        }
        if (cause instanceof ConnectException) {
            return "could not connect to " + host + ": connection refused or no route. Check the host and the port.";
        }
        return "the connection to " + host + " broke: " + Json.shortened(describe(cause)) + ". Try again.";
    }

    private static boolean isTimeout(Throwable cause) {
        return cause instanceof java.net.http.HttpTimeoutException
                || cause instanceof TimeoutException
                || cause.getCause() instanceof java.net.http.HttpConnectTimeoutException;
    }

    private static String describe(Throwable cause) {
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName().toLowerCase(Locale.ROOT) : message;
    }

    /** The registry broke its own rules. */
    StoreException broken(String what) {
        return new StoreException(Kind.REGISTRY, tried() + " but " + what);
    }

    /** The registry broke its own rules, or a connection. */
    StoreException broken(String what, IOException cause) {
        return new StoreException(Kind.REGISTRY, tried() + " but " + what, cause);
    }

    private String tried() {
        return "Tried to pull " + image;
    }

    /** Whether another attempt may do better. */
    static boolean isTransient(IOException failure) {
        return !(failure instanceof UnknownHostException
                || failure instanceof SSLException
                || failure instanceof ConnectException);
    }
}
