package io.contree.sdk.internal.config;

import io.contree.sdk.internal.InternalException;
import io.contree.sdk.internal.InternalException.Kind;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Where the server is and how to speak to it, resolved.
 *
 * @param baseUrl http or https, without {@code /v1} and without a slash at the end
 * @param project sent along, for tokens of several projects
 * @param requestTimeout for one whole request and its answer, and for silence on a stream
 * @param source where the token came from, for messages
 */
public record ClientConfig(
        URI baseUrl, String token, Optional<String> project, Duration requestTimeout, String userAgent, String source) {
    public ClientConfig {
        String scheme = baseUrl.getScheme();
        if (!("http".equals(scheme) || "https".equals(scheme)) || baseUrl.getHost() == null) {
            throw new InternalException(
                    Kind.CONFIGURATION,
                    "the server's address has to be http://host[:port] or https://…, and is " + baseUrl);
        }
        if (token.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new InternalException(
                    Kind.CONFIGURATION, "the token (" + source + ") has characters that no token has; copy it again");
        }
        if (requestTimeout.isNegative() || requestTimeout.isZero()) {
            throw new InternalException(
                    Kind.CONFIGURATION, "the request timeout has to be positive, and is " + requestTimeout);
        }
    }

    public URI resolve(String path) {
        return URI.create(baseUrl + "/v1" + path);
    }

    @Override
    public String toString() {
        return "ClientConfig[" + baseUrl + ", token from " + source + "]";
    }
}
