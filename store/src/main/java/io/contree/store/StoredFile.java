package io.contree.store;

import java.time.Instant;
import java.util.UUID;

/**
 * An uploaded file.
 *
 * @param uuid stable for the digest
 * @param size bytes
 */
public record StoredFile(UUID uuid, Digest digest, long size, Instant createdAt) {}
