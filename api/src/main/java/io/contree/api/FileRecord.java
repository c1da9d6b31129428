package io.contree.api;

import java.time.Instant;
import java.util.UUID;

/** An uploaded file; {@code sha256} is 64 hexadecimal digits without a prefix. */
public record FileRecord(UUID uuid, String sha256, long size, Instant createdAt, Instant updatedAt) {}
