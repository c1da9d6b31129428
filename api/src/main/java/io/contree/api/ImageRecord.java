package io.contree.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An image of a project under one of its tags, or without one.
 *
 * @param tag null in JSON if there is none
 * @param operationUuid the operation that produced it; null in JSON if none did
 * @param contentDigest {@code sha256:…}, equal for states that differ in modification times only
 */
public record ImageRecord(
        UUID uuid,
        @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String tag,
        Instant createdAt,
        @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable UUID operationUuid,
        String contentDigest) {}
