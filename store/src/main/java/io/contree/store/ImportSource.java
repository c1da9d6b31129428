package io.contree.store;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an image comes from.
 *
 * @param reference {@code docker://host[:port]/name[:tag|@sha256:…]} (scheme and host may be left out: docker.io),
 *     {@code rootfs:DIR}, {@code rootfs:FILE.tar}, {@code oci:DIR[:tag]}, {@code oci-archive:FILE[:tag]} or {@code
 *     docker-archive:FILE[:name]}; instead of a path on this machine, an uploaded file: {@code upload:rootfs:UUID}
 * @param credentials for the registry, sent to it and to the https realm that it names, never stored
 * @param timeout for the whole import
 * @param upload the bytes of the uploaded file that the reference names, if it names one
 * @param owner layers that are here already are reused only among imports of one owner; all others are fetched and
 *     verified
 */
public record ImportSource(
        String reference, Optional<Credentials> credentials, Duration timeout, Optional<Digest> upload, UUID owner) {
    private static final List<String> LOCAL = List.of("rootfs:", "oci:", "oci-archive:", "docker-archive:");
    private static final Pattern UPLOAD =
            Pattern.compile("upload:[a-z-]+:([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})(?::.*)?");

    private static final UUID NOBODY = new UUID(0, 0);

    /** As above, without an uploaded file and for nobody in particular. */
    public ImportSource(String reference, Optional<Credentials> credentials, Duration timeout) {
        this(reference, credentials, timeout, Optional.empty(), NOBODY);
    }

    /** Whether a reference names a path on the server's machine. */
    public static boolean isLocal(String reference) {
        return LOCAL.stream().anyMatch(reference::startsWith);
    }

    /** The uploaded file that a reference names. */
    public static Optional<UUID> upload(String reference) {
        Matcher upload = UPLOAD.matcher(reference);
        return upload.matches() ? Optional.of(UUID.fromString(upload.group(1))) : Optional.empty();
    }

    /** A registry login; {@code toString} hides the password. */
    public record Credentials(String username, String password) {
        @Override
        public String toString() {
            return "Credentials[username=" + username + ", password=<MASKED>]";
        }
    }
}
