package io.contree.sdk.internal.config;

import io.contree.sdk.internal.InternalException;
import io.contree.sdk.internal.InternalException.Kind;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The four settings of a connection, each from the first place that has it. */
public record ConnectionSettings(
        Profiles.Environment environment,
        @Nullable String baseUrl,
        @Nullable String token,
        @Nullable String project,
        @Nullable String profile) {
    /** Where a server that was started with its defaults listens. */
    private static final String LOCAL_SERVER = "http://127.0.0.1:8642";

    /** The hosted service, which is what a bare NEBIUS_API_KEY is for. */
    static final String HOSTED_SERVICE = "https://api.tokenfactory.nebius.com/sandboxes";

    public ClientConfig resolve(Duration requestTimeout, String userAgent) {
        Profiles profiles = new Profiles(environment);
        Optional<Profiles.Profile> found = profile != null || token == null || baseUrl == null
                ? profiles.find(Optional.ofNullable(profile))
                : Optional.empty();
        // A profile that was asked for by name goes before the environment, an active one after it.
        Optional<Profiles.Profile> asked = profile != null ? found : Optional.empty();
        Optional<String> own = environment.first("CONTREE_TOKEN");
        Optional<String> hosted = environment.first("NEBIUS_API_KEY");
        Optional<String> resolvedToken = Optional.ofNullable(token)
                .or(() -> asked.flatMap(Profiles.Profile::token))
                .or(() -> own)
                .or(() -> hosted)
                .or(() -> found.flatMap(Profiles.Profile::token));
        String source = source(asked, own, hosted, profiles);
        return new ClientConfig(
                address(url(asked, found, source)),
                resolvedToken.orElseThrow(() -> missingToken(profiles)),
                Optional.ofNullable(project)
                        .or(() -> asked.flatMap(Profiles.Profile::project))
                        .or(() -> environment.first("NEBIUS_PROJECT_ID", "CONTREE_PROJECT", "NEBIUS_AI_PROJECT"))
                        .or(() -> found.flatMap(Profiles.Profile::project)),
                requestTimeout,
                userAgent,
                source);
    }

    private String source(
            Optional<Profiles.Profile> asked, Optional<String> own, Optional<String> hosted, Profiles profiles) {
        if (token != null) {
            return "given by the program";
        }
        if (asked.isPresent() || (own.isEmpty() && hosted.isEmpty())) {
            return "profile in " + profiles.file();
        }
        return own.isPresent() ? "CONTREE_TOKEN" : "NEBIUS_API_KEY";
    }

    private String url(Optional<Profiles.Profile> asked, Optional<Profiles.Profile> found, String source) {
        String url = Optional.ofNullable(baseUrl)
                .or(() -> asked.flatMap(Profiles.Profile::url))
                .or(() -> environment.first("CONTREE_BASE_URL", "CONTREE_URL"))
                .or(() -> found.flatMap(Profiles.Profile::url))
                .orElse(source.equals("NEBIUS_API_KEY") ? HOSTED_SERVICE : LOCAL_SERVER);
        return url.replaceAll("/+$", "");
    }

    private static URI address(String url) {
        try {
            return new URI(url);
        } catch (URISyntaxException e) {
            throw new InternalException(Kind.CONFIGURATION, "the server's address is malformed: " + e.getMessage());
        }
    }

    private static InternalException missingToken(Profiles profiles) {
        return new InternalException(
                Kind.CONFIGURATION,
                "found no token: CONTREE_TOKEN is not set and " + profiles.file()
                        + " has no active profile with one. Start a server on this machine (it saves a profile), or set"
                        + " CONTREE_TOKEN and CONTREE_BASE_URL.");
    }
}
