package io.contree.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An image of a project under one of its tags, or without one.
 *
 * @param tag null in JSON if there is none
 * @param operationUuid the operation that produced it; null in JSON if none did
 * @param contentDigest {@code sha256:…}, equal for states that differ in modification times only
 * @param labels what the project noted on it by name; left out if there is nothing
 * @param note what the project noted on it in words; left out if there is nothing
 */
public record ImageRecord(
        UUID uuid,
        @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String tag,
        Instant createdAt,
        @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable UUID operationUuid,
        String contentDigest,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) SortedMap<String, String> labels,
        @Nullable String note) {
    public ImageRecord {
        SortedMap<String, String> given = labels;
        labels = given == null ? Collections.emptySortedMap() : Collections.unmodifiableSortedMap(new TreeMap<>(given));
    }

    /** One that nothing is noted on. */
    public static ImageRecord of(
            UUID uuid, @Nullable String tag, Instant createdAt, @Nullable UUID operationUuid, String contentDigest) {
        return new ImageRecord(uuid, tag, createdAt, operationUuid, contentDigest, Collections.emptySortedMap(), null);
    }

    /** The same under another tag. */
    public ImageRecord under(@Nullable String otherTag) {
        return new ImageRecord(uuid, otherTag, createdAt, operationUuid, contentDigest, labels, note);
    }

    /** The same with what is noted on it. */
    public ImageRecord noted(SortedMap<String, String> nowLabels, @Nullable String nowNote) {
        return new ImageRecord(uuid, tag, createdAt, operationUuid, contentDigest, nowLabels, nowNote);
    }
}
