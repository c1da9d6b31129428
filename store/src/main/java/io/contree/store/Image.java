package io.contree.store;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * One filesystem state.
 *
 * @param uuid the version-8 UUID of {@code key}
 * @param key SHA-256 of format version, {@code state}, env and cwd
 * @param state sum over all entries
 * @param content sum over all entries without mtimes, with env and cwd left out
 * @param layers the stack that mounts it, the lowest first, without the skeleton
 * @param env variables that every shell run on the image starts with
 * @param cwd preserved working directory, empty for {@code /}
 * @param createdAt when this state was first reached here; not part of the identity
 */
public record Image(
        UUID uuid,
        Digest key,
        LtHash state,
        LtHash content,
        List<LayerId> layers,
        SortedMap<String, String> env,
        String cwd,
        Instant createdAt) {
    public Image {
        layers = List.copyOf(layers);
        env = Collections.unmodifiableSortedMap(new TreeMap<>(env));
    }

    /** Equal for states that differ in modification times only: SHA-256 of {@code content}. */
    public Digest contentDigest() {
        return Digest.ofContent(content.bytes());
    }
}
