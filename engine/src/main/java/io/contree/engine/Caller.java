package io.contree.engine;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Who makes a request: a token, its one project, and what it may do.
 *
 * @param expiresAt empty for never
 */
public record Caller(UUID token, UUID project, Set<Permission> permissions, Optional<Instant> expiresAt) {
    /** What a token may do; the wire names are lower case. */
    public enum Permission {
        SPAWN,
        SPAWN_DISPOSABLE,
        LIST,
        CANCEL,
        IMPORT,
        SET_IMAGE_TAG
    }

    public Caller {
        permissions = Set.copyOf(permissions);
    }
}
