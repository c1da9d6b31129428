package io.contree.engine.local;

import io.contree.api.OperationStatus;
import io.contree.api.Whoami;
import io.contree.engine.Caller;
import io.contree.engine.NewToken;
import io.contree.engine.OperationCatalog;
import io.contree.engine.ProjectCatalog;
import io.contree.engine.Tokens;
import io.contree.engine.run.Limits;
import io.contree.engine.upkeep.Upkeep;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Tokens. Of each only the SHA-256 is kept and looked up, so that neither the catalog nor the time of a look-up tells anything
 * about a token that is not known in full.
 */
final class LocalTokens implements Tokens {
    private static final int MAX_TEXT = 4096;

    private final ProjectCatalog projects;
    private final OperationCatalog operations;
    private final Limits limits;
    private final Upkeep upkeep;
    private final Clock clock;

    LocalTokens(ProjectCatalog projects, OperationCatalog operations, Limits limits, Upkeep upkeep, Clock clock) {
        this.projects = projects;
        this.operations = operations;
        this.limits = limits;
        this.upkeep = upkeep;
        this.clock = clock;
    }

    @Override
    public Optional<Caller> authenticate(String token) {
        if (token.length() > MAX_TEXT) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        return projects.token(NewToken.hash(token))
                .map(ProjectCatalog.TokenRecord::caller)
                .filter(caller -> caller.expiresAt().map(now::isBefore).orElse(true));
    }

    @Override
    public UUID firstProject() {
        return projects.firstProject(clock.instant());
    }

    @Override
    public String create(UUID project, Set<Caller.Permission> permissions, Optional<Instant> expiresAt) {
        NewToken made = NewToken.make(project, permissions, expiresAt, clock.instant());
        projects.recordToken(made.record());
        return made.text();
    }

    @Override
    public Whoami whoami(Caller caller) {
        Map<String, Boolean> permissions = new TreeMap<>();
        for (Caller.Permission permission : Caller.Permission.values()) {
            permissions.put(permission.wire(), caller.permissions().contains(permission));
        }
        Map<String, Long> counts = new TreeMap<>();
        for (Map.Entry<OperationStatus, Long> count :
                operations.counts(caller.project()).entrySet()) {
            counts.put(count.getKey().name().toLowerCase(Locale.ROOT), count.getValue());
        }
        return new Whoami(
                caller.token(),
                caller.expiresAt().map(Instant::getEpochSecond).orElse(null),
                permissions,
                limits.shown(caller.project()),
                counts,
                limits.runtime().allowed(),
                upkeep.of(caller.project()).toString());
    }
}
