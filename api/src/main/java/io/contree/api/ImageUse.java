package io.contree.api;

import java.util.UUID;

/**
 * What an image takes up on the server's disk ({@code GET /v1/images/{uuid}/usage}), as {@code du} counts it.
 *
 * @param exclusiveBytes what no other image needs, whoever has that
 * @param exclusiveInodes the same in inodes
 * @param sharedBytes what others need as well
 * @param sharedInodes the same in inodes
 */
public record ImageUse(UUID uuid, long exclusiveBytes, long exclusiveInodes, long sharedBytes, long sharedInodes) {}
