package io.contree.store.oci.registry;

import io.contree.store.ImportSource.Credentials;
import io.contree.store.oci.image.Json;
import io.contree.store.oci.reference.Reference;
import io.contree.store.oci.reference.RegistryHost;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Answers a registry's challenges: HTTP Basic, or a token fetched from the realm that the registry names ("Token
 * Authentication Specification" of the distribution project). The realm must be https, or on loopback if
 * the registry is; the token asked for is for pulling the one repository, whatever scope the challenge names. Safe for
 * several threads.
 */
final class RegistryLogin {
    private static final int LARGEST_TOKEN = 1 << 20;

    private final Reference.Remote image;
    private final Optional<Credentials> credentials;
    private final RegistryFailure failure;
    private Optional<String> authorization = Optional.empty();

    /** Makes a request outside the repository's API. */
    interface Http {
        HttpResponse<InputStream> get(URI target, Optional<String> authorization)
                throws IOException, InterruptedException;
    }

    RegistryLogin(Reference.Remote image, Optional<Credentials> credentials, RegistryFailure failure) {
        this.image = image;
        this.credentials = credentials;
        this.failure = failure;
    }

    /** The Authorization header for the registry's own origin, once there is one. */
    synchronized Optional<String> authorization() {
        return authorization;
    }

    /**
     * Answers the challenges of a 401; true if there is a new header to try.
     *
     * @param used the header that was refused
     */
    synchronized boolean answer(List<String> headers, Optional<String> used, Http http)
            throws IOException, InterruptedException {
        if (!used.equals(authorization)) {
            return true;
        }
        Optional<String> next = Optional.empty();
        for (Challenge challenge : Challenge.parse(headers)) {
            if (challenge.scheme().equals("bearer")) {
                next = Optional.of("Bearer " + token(challenge, http));
                break;
            }
            if (challenge.scheme().equals("basic")) {
                next = basic();
            }
        }
        if (next.isEmpty() || next.equals(used)) {
            return false;
        }
        authorization = next;
        return true;
    }

    private Optional<String> basic() {
        return credentials.map(login -> "Basic "
                + Base64.getEncoder()
                        .encodeToString((login.username() + ":" + login.password()).getBytes(StandardCharsets.UTF_8)));
    }

    private String token(Challenge challenge, Http http) throws IOException, InterruptedException {
        URI realm = realm(challenge.parameter("realm").orElse(""));
        StringBuilder query = new StringBuilder(realm.getRawQuery() == null ? "" : realm.getRawQuery() + "&");
        challenge
                .parameter("service")
                .ifPresent(s -> query.append("service=").append(encoded(s)).append('&'));
        query.append("scope=").append(encoded("repository:" + image.repository() + ":pull"));
        URI target = URI.create(realm.getScheme() + "://" + realm.getRawAuthority() + realm.getRawPath() + "?" + query);
        HttpResponse<InputStream> response = http.get(target, basic());
        if (response.statusCode() != 200) {
            throw failure.answered(response);
        }
        byte[] body = BoundedBody.read(response, LARGEST_TOKEN, failure.stall());
        JsonNode root = Json.object(body, "The answer of the token service " + realm.getAuthority());
        return Json.text(root, "token")
                .or(() -> Json.text(root, "access_token"))
                .filter(token -> token.chars().allMatch(c -> c > ' ' && c < 0x7F))
                .orElseThrow(() -> failure.broken("its token service gave no usable token."));
    }

    private URI realm(String written) {
        URI realm;
        try {
            realm = URI.create(written);
        } catch (IllegalArgumentException e) {
            throw hostile(written);
        }
        boolean https = "https".equalsIgnoreCase(realm.getScheme());
        if (realm.getHost() == null || realm.getRawUserInfo() != null || realm.getRawFragment() != null) {
            throw hostile(written);
        }
        boolean loopback = image.registry().isLoopback() && RegistryHost.isLoopback(realm.getHost());
        if (!https && !("http".equalsIgnoreCase(realm.getScheme()) && loopback)) {
            throw hostile(written);
        }
        return realm;
    }

    private io.contree.store.StoreException hostile(String realm) {
        return failure.broken("it wants the login sent to \"" + Json.shortened(realm)
                + "\", which must be https, or on loopback if the registry is; nothing was sent.");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
