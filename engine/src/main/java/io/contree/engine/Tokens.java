package io.contree.engine;

import io.contree.api.Whoami;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Projects and their tokens. Only hashes of tokens are kept. */
public interface Tokens {
    /** The caller of a bearer token; empty for an unknown, revoked or expired one. Constant work per call. */
    Optional<Caller> authenticate(String token);

    /** The first project, made if there is none yet. */
    UUID firstProject();

    /** Makes a token and returns its text, which is shown this once. */
    String create(UUID project, Set<Caller.Permission> permissions, Optional<Instant> expiresAt);

    /** What the caller is and may do, with its project's limits and counters. */
    Whoami whoami(Caller caller);
}
