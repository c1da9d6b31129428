package io.contree.engine;

import io.contree.store.Digest;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * A token just made: {@code contree_} and 256 random bits. Only the record is kept, with the SHA-256 of the text.
 *
 * @param text to be shown once
 */
public record NewToken(String text, ProjectCatalog.TokenRecord record) {
    private static final String PREFIX = "contree_";
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Makes one with the usual weight; it counts once its record is recorded. */
    public static NewToken make(
            UUID project, Set<Caller.Permission> permissions, Optional<Instant> expiresAt, Instant now) {
        return make(project, permissions, expiresAt, ProjectLimits.USUAL_WEIGHT, now);
    }

    /** Makes one; it counts once its record is recorded. */
    public static NewToken make(
            UUID project, Set<Caller.Permission> permissions, Optional<Instant> expiresAt, int weight, Instant now) {
        byte[] secret = new byte[32];
        RANDOM.nextBytes(secret);
        String text = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        Caller caller = new Caller(UUID.randomUUID(), project, permissions, expiresAt, weight);
        return new NewToken(text, new ProjectCatalog.TokenRecord(caller, hash(text), now));
    }

    public static Digest hash(String token) {
        return Digest.ofContent(token.getBytes(StandardCharsets.UTF_8));
    }

    /** Never the text: it would end up in a log. */
    @Override
    public String toString() {
        return "NewToken[" + record.caller().token() + "]";
    }
}
