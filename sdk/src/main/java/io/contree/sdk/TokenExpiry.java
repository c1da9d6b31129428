package io.contree.sdk;

import io.contree.api.Whoami;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells in the log that a token will not do for long. */
final class TokenExpiry {
    private static final Logger log = LoggerFactory.getLogger(TokenExpiry.class);
    private static final Duration NOTICE = Duration.ofHours(24);

    private TokenExpiry() {}

    static void warn(Whoami me, Instant now) {
        Long expiry = me.tokenExpiration();
        if (expiry == null) {
            return;
        }
        Duration left = Duration.between(now, Instant.ofEpochSecond(expiry));
        if (left.compareTo(NOTICE) < 0) {
            log.warn("the token {} expires in {} minutes; make another one", me.tokenUuid(), left.toMinutes());
        }
    }
}
