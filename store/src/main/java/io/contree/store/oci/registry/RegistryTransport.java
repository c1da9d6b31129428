package io.contree.store.oci.registry;

import io.contree.store.oci.image.Json;
import io.contree.store.oci.limit.ImportControl;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * GET requests to a registry: logs in when asked to, follows redirects by its own rules, retries what may yet succeed.
 * Credentials and tokens go to the origin that they are for and to no other, wherever redirects lead.
 */
final class RegistryTransport implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final int MOST_REDIRECTS = 5;
    private static final int MOST_LOGINS = 2;

    static {
        // Read once, by the first client: allows the Basic login that a proxy wants before it opens a tunnel.
        System.setProperty("jdk.http.auth.tunneling.disabledSchemes", "");
    }

    private final HttpClient client;
    private final RegistryEnvironment environment;
    private final AddressPolicy addresses;
    private final RegistryLogin login;
    private final RegistryFailure failure;
    private final RetryPolicy retries;
    private final ImportControl control;

    RegistryTransport(
            AddressPolicy addresses,
            RegistryLogin login,
            RegistryFailure failure,
            RetryPolicy retries,
            ImportControl control,
            RegistryEnvironment environment) {
        this.addresses = addresses;
        this.login = login;
        this.failure = failure;
        this.retries = retries;
        this.control = control;
        this.environment = environment;
        HttpClient.Builder builder = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT)
                .proxy(environment.selector());
        environment.certificates().context().ifPresent(builder::sslContext);
        this.client = builder.build();
    }

    /**
     * The response to a GET, with any status but those that a retry may cure. The caller closes its body.
     *
     * @param path on the registry, with a leading slash
     * @throws io.contree.store.StoreException REGISTRY if there is none; CANCELLED
     */
    HttpResponse<InputStream> get(String path, Map<String, String> headers) throws InterruptedException {
        URI target = addresses.registry().base().resolve(path);
        return retried(target, () -> authorised(target, headers));
    }

    private interface Attempt {
        HttpResponse<InputStream> make() throws IOException, InterruptedException;
    }

    private HttpResponse<InputStream> retried(URI target, Attempt attempt) throws InterruptedException {
        for (int tries = 1; ; tries++) {
            control.check();
            Optional<Duration> retryAfter = Optional.empty();
            io.contree.store.StoreException reason;
            try {
                HttpResponse<InputStream> response = attempt.make();
                if (!RetryPolicy.isTransient(response.statusCode())) {
                    return response;
                }
                retryAfter = retryAfter(response);
                reason = failure.answered(response);
            } catch (IOException e) {
                reason = failure.unreachable(target.getAuthority(), e);
                if (!RegistryFailure.isTransient(e)) {
                    throw reason;
                }
            }
            pause(tries, retryAfter, reason);
        }
    }

    /** Waits before another attempt, or throws why the last one failed. */
    void pause(int tries, Optional<Duration> retryAfter, io.contree.store.StoreException reason)
            throws InterruptedException {
        Thread.sleep(retries.pause(tries, retryAfter, control.left()).orElseThrow(() -> reason));
    }

    private static Optional<Duration> retryAfter(HttpResponse<?> response) {
        return response.headers()
                .firstValue("Retry-After")
                .flatMap(text -> RetryPolicy.retryAfter(text, Instant.now()));
    }

    private HttpResponse<InputStream> authorised(URI target, Map<String, String> headers)
            throws IOException, InterruptedException {
        for (int logins = 0; ; logins++) {
            Optional<String> authorization = login.authorization();
            HttpResponse<InputStream> response = followed(target, headers, authorization);
            boolean challenged = response.statusCode() == 401 && AddressPolicy.isSameOrigin(response.uri(), target);
            if (!challenged || logins == MOST_LOGINS) {
                return response;
            }
            var challenges = response.headers().allValues("WWW-Authenticate");
            if (!login.answer(challenges, authorization, this::token)) {
                return response;
            }
            response.body().close();
        }
    }

    private HttpResponse<InputStream> token(URI realm, Optional<String> authorization) throws InterruptedException {
        return retried(realm, () -> followed(realm, Map.of("Accept", "application/json"), authorization));
    }

    private HttpResponse<InputStream> followed(URI start, Map<String, String> headers, Optional<String> authorization)
            throws IOException, InterruptedException {
        URI target = start;
        for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
            addresses.check(target, environment.proxy(target).isPresent());
            HttpRequest.Builder request = HttpRequest.newBuilder(target).GET();
            headers.forEach(request::setHeader);
            request.setHeader("User-Agent", "contree");
            environment.proxyAuthorization(target).ifPresent(value -> request.setHeader("Proxy-Authorization", value));
            if (target.getScheme().equalsIgnoreCase("http")) {
                request.version(HttpClient.Version.HTTP_1_1);
            }
            if (AddressPolicy.isSameOrigin(target, start)) {
                authorization.ifPresent(value -> request.setHeader("Authorization", value));
            }
            HttpResponse<InputStream> response = send(request.build());
            Optional<String> location = response.headers().firstValue("Location");
            if (!isRedirect(response.statusCode()) || location.isEmpty()) {
                return response;
            }
            response.body().close();
            target = resolved(target, location.get());
        }
        throw failure.broken("it redirected more than " + MOST_REDIRECTS + " times.");
    }

    private static boolean isRedirect(int status) {
        return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
    }

    private URI resolved(URI base, String location) {
        try {
            return base.resolve(location);
        } catch (IllegalArgumentException e) {
            throw failure.broken("it redirected to \"" + Json.shortened(location) + "\", which is not an address.");
        }
    }

    private HttpResponse<InputStream> send(HttpRequest request) throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<InputStream>> answer = client.sendAsync(request, BodyHandlers.ofInputStream());
        try {
            return answer.get(retries.answer().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new HttpTimeoutException(
                    "no answer within " + retries.answer().toSeconds() + " s");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw new IOException(e.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    /** Aborts whatever is under way. */
    @Override
    public void close() {
        client.shutdownNow();
    }
}
