package io.contree.store;

import java.time.Duration;
import java.util.Optional;

/**
 * Where an image comes from.
 *
 * @param reference {@code docker://host[:port]/name[:tag|@sha256:…]} (scheme and host may be left out: docker.io),
 *     {@code rootfs:DIR}, {@code rootfs:FILE.tar[.gz|.zst]}, {@code oci:DIR[:tag]} or {@code docker-archive:FILE}
 * @param credentials for the registry, sent to it and to the https realm that it names, never stored
 * @param timeout for the whole import
 */
public record ImportSource(String reference, Optional<Credentials> credentials, Duration timeout) {
    /** A registry login; {@code toString} hides the password. */
    public record Credentials(String username, String password) {
        @Override
        public String toString() {
            return "Credentials[username=" + username + ", password=<MASKED>]";
        }
    }
}
