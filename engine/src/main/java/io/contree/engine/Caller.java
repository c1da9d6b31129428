package io.contree.engine;

import java.time.Instant;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Who makes a request: a token, its one project, and what it may do.
 *
 * @param expiresAt empty for never
 * @param weight of its turns among those of the project's other tokens, where work waits
 */
public record Caller(UUID token, UUID project, Set<Permission> permissions, Optional<Instant> expiresAt, int weight) {
    /** With the weight that tokens have unless somebody says otherwise. */
    public Caller(UUID token, UUID project, Set<Permission> permissions, Optional<Instant> expiresAt) {
        this(token, project, permissions, expiresAt, ProjectLimits.USUAL_WEIGHT);
    }

    /** What a token may do. */
    public enum Permission {
        SPAWN,
        SPAWN_DISPOSABLE,
        LIST,
        CANCEL,
        IMPORT,
        SET_IMAGE_TAG,
        /** Remove images, and collect what nothing needs. */
        REMOVE,
        /** Import what lies on the server's own disk; unlike the others, it is given only when asked for. */
        IMPORT_LOCAL;

        /** Its name on the wire. */
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** What a token may do unless somebody says otherwise. */
        public static Set<Permission> usual() {
            return EnumSet.complementOf(EnumSet.of(IMPORT_LOCAL));
        }
    }

    public Caller {
        permissions = Set.copyOf(permissions);
        ProjectLimits.checkWeight(weight);
    }
}
