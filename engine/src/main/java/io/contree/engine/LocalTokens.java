package io.contree.engine;

import io.contree.api.OperationStatus;
import io.contree.api.Whoami;
import io.contree.store.Digest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Tokens: {@code contree_} and 256 random bits. Of a token only the SHA-256 is kept and looked up, so that neither the catalog
 * nor the time of a look-up tells anything about a text that is not known in full.
 */
final class LocalTokens implements Tokens {
    private static final String PREFIX = "contree_";
    private static final int MAX_TEXT = 4096;

    private final ProjectCatalog projects;
    private final OperationCatalog operations;
    private final EngineConfig config;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    LocalTokens(ProjectCatalog projects, OperationCatalog operations, EngineConfig config, Clock clock) {
        this.projects = projects;
        this.operations = operations;
        this.config = config;
        this.clock = clock;
    }

    @Override
    public Optional<Caller> authenticate(String token) {
        if (token.length() > MAX_TEXT) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        return projects.token(hash(token))
                .map(ProjectCatalog.TokenRecord::caller)
                .filter(caller -> caller.expiresAt().map(now::isBefore).orElse(true));
    }

    @Override
    public UUID firstProject() {
        return projects.firstProject(clock.instant());
    }

    @Override
    public String create(UUID project, Set<Caller.Permission> permissions, Optional<Instant> expiresAt) {
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        String text = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        Caller caller = new Caller(UUID.randomUUID(), project, permissions, expiresAt);
        projects.recordToken(new ProjectCatalog.TokenRecord(caller, hash(text), clock.instant()));
        return text;
    }

    private static Digest hash(String token) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return Digest.of(sha256.digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public Whoami whoami(Caller caller) {
        Map<String, Boolean> permissions = new TreeMap<>();
        for (Caller.Permission permission : Caller.Permission.values()) {
            permissions.put(lower(permission), caller.permissions().contains(permission));
        }
        Map<String, Long> counts = new TreeMap<>();
        for (Map.Entry<OperationStatus, Long> count :
                operations.counts(caller.project()).entrySet()) {
            counts.put(lower(count.getKey()), count.getValue());
        }
        return new Whoami(
                caller.token(),
                caller.expiresAt().map(Instant::getEpochSecond).orElse(null),
                permissions,
                Map.of(
                        "instance_max_timeout",
                        config.maxTimeout().toSeconds(),
                        "instance_max_concurrency",
                        (long) config.maxRunning(),
                        "images_import_max_timeout",
                        config.maxImportTimeout().toSeconds(),
                        "images_import_max_concurrency",
                        (long) config.maxImports()),
                counts);
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
