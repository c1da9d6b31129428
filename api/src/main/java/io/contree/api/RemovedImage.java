package io.contree.api;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An image that a project gave up, or would ({@code DELETE /v1/images/{uuid}}).
 *
 * @param tags that it had in the project
 * @param pinned whether it had a pin there
 * @param operations unfinished ones that work on it; they go on
 * @param dryRun whether it is still there
 * @param freedBytes what the disk gets back, by a dry run only
 * @param freedInodes the same in inodes
 */
public record RemovedImage(
        UUID uuid,
        List<String> tags,
        boolean pinned,
        int operations,
        boolean dryRun,
        @Nullable Long freedBytes,
        @Nullable Long freedInodes) {
    public RemovedImage {
        tags = List.copyOf(tags);
    }
}
