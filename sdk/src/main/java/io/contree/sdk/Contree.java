package io.contree.sdk;

import io.contree.api.Whoami;
import io.contree.sdk.async.AsyncContree;
import io.contree.sdk.internal.Workers;
import io.contree.sdk.internal.config.ClientConfig;
import io.contree.sdk.internal.config.ConnectionSettings;
import io.contree.sdk.internal.config.Profiles;
import io.contree.sdk.internal.http.HttpTransport;
import io.contree.sdk.internal.http.Retries;
import io.contree.sdk.internal.http.RetryingTransport;
import io.contree.sdk.session.Session;
import io.contree.sdk.session.SessionStore;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * A client of one contree server. Safe for use by many threads; make one and keep it, since it holds the connections.
 * Closing it ends calls that are under way with a {@link ClientClosedException}, and leaves on the server what they started.
 */
public final class Contree implements AutoCloseable {
    private final Api api;
    private final ClientConfig config;
    private final @Nullable Executor asyncExecutor;
    private @Nullable ExecutorService workers;
    private boolean closed;

    private Contree(ClientConfig config, RetryPolicy retries, @Nullable Executor asyncExecutor) {
        this.config = config;
        this.asyncExecutor = asyncExecutor;
        HttpTransport http = new HttpTransport(config);
        Retries checked = new Retries(retries.attempts(), retries.firstPause(), retries.longestPause());
        this.api = new Api(new RetryingTransport(http, checked, config.requestTimeout()), config.baseUrl(), checked);
    }

    /**
     * A client set up from the environment and the profile files, as every client of contree is: {@code
     * CONTREE_TOKEN} (or {@code NEBIUS_API_KEY}), {@code CONTREE_BASE_URL} (or {@code CONTREE_URL}), {@code
     * NEBIUS_PROJECT_ID}, and where these leave something open, the active profile of {@code auth.ini}.
     *
     * @throws ConfigurationException if no token is found or a profile file is malformed
     */
    public static Contree connect() {
        return builder().build();
    }

    public static Builder builder() {
        return new Builder(Profiles.Environment.ofProcess());
    }

    static Builder builder(Map<String, String> variables, Path home) {
        return new Builder(new Profiles.Environment(variables, home));
    }

    public Images images() {
        return new Images(api);
    }

    public Operations operations() {
        return new Operations(api);
    }

    public UploadedFiles files() {
        return new UploadedFiles(api);
    }

    /**
     * The session that the store holds, where it was left; see {@link Session}.
     *
     * @throws SessionException if the store holds none; {@link Image#session(SessionStore)} begins one
     */
    public Session session(SessionStore store) {
        return Session.open(images(), operations(), store);
    }

    /** What the token is and may do. Logs a warning if it expires within 24 hours. */
    public Whoami whoami() {
        Whoami me = api.get("ask who the token belongs to", "/whoami", Whoami.class);
        TokenExpiry.warn(me, Instant.now());
        return me;
    }

    /** Where the server is. */
    public URI baseUrl() {
        return config.baseUrl();
    }

    /** The same client, which does not wait; closing either closes both. */
    public AsyncContree async() {
        return AsyncContree.over(this, asyncExecutor == null ? workers() : asyncExecutor);
    }

    private synchronized ExecutorService workers() {
        if (closed) {
            throw new ClientClosedException("could not start a call: this client is closed", null);
        }
        if (workers == null) {
            workers = Workers.start();
        }
        return workers;
    }

    @Override
    public synchronized void close() {
        closed = true;
        api.close();
        if (workers != null) {
            workers.shutdownNow();
        }
    }

    @Override
    public String toString() {
        return "Contree[" + baseUrl() + "]";
    }

    ClientConfig config() {
        return config;
    }

    /** Settings of a client; what is left out comes from the environment, then from the profile files. */
    public static final class Builder {
        private final Profiles.Environment environment;
        private @Nullable String baseUrl;
        private @Nullable String token;
        private @Nullable String project;
        private @Nullable String profile;
        private Duration requestTimeout = Duration.ofSeconds(30);
        private String userAgent = "contree-java";
        private RetryPolicy retries = RetryPolicy.DEFAULT;
        private @Nullable Executor asyncExecutor;

        private Builder(Profiles.Environment environment) {
            this.environment = environment;
        }

        /** The server, such as {@code http://127.0.0.1:8642}; a path in front of {@code /v1} may be part of it. */
        public Builder baseUrl(String baseUrl) {
            this.baseUrl = Objects.requireNonNull(baseUrl, "baseUrl");
            return this;
        }

        public Builder token(String token) {
            this.token = Objects.requireNonNull(token, "token");
            return this;
        }

        /** The project, for tokens that belong to several. */
        public Builder project(String project) {
            this.project = Objects.requireNonNull(project, "project");
            return this;
        }

        /** A profile by name, in place of the active one. It then takes precedence over the environment. */
        public Builder profile(String profile) {
            this.profile = Objects.requireNonNull(profile, "profile");
            return this;
        }

        /**
         * Limits one call with its repetitions, until the whole answer is there; 30 seconds by default. For uploads,
         * files, archives and events it limits silence and not the whole. Waiting for an operation has no limit unless
         * it is given one.
         */
        public Builder requestTimeout(Duration requestTimeout) {
            this.requestTimeout = Objects.requireNonNull(requestTimeout, "requestTimeout");
            return this;
        }

        /** How often a request is repeated where that is safe; {@link RetryPolicy#DEFAULT} by default. */
        public Builder retries(RetryPolicy retries) {
            this.retries = Objects.requireNonNull(retries, "retries");
            return this;
        }

        /** What the program calls itself in its requests. */
        public Builder userAgent(String userAgent) {
            this.userAgent = Objects.requireNonNull(userAgent, "userAgent");
            return this;
        }

        /**
         * Carries the calls of {@link Contree#async()}, in place of virtual threads (or, before Java 21, a pool of daemon
         * threads). It stays open when the client is closed, and needs a thread for each call that is under way.
         */
        public Builder asyncExecutor(Executor asyncExecutor) {
            this.asyncExecutor = Objects.requireNonNull(asyncExecutor, "asyncExecutor");
            return this;
        }

        /**
         * Makes the client; nothing is sent yet.
         *
         * @throws ConfigurationException if no token is found, or a setting or profile file is malformed
         */
        public Contree build() {
            return new Contree(
                    Failures.translating(() -> new ConnectionSettings(environment, baseUrl, token, project, profile)
                            .resolve(requestTimeout, userAgent)),
                    retries,
                    asyncExecutor);
        }
    }
}
