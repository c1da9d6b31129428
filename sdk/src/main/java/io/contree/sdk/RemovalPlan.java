package io.contree.sdk;

import java.util.List;

/**
 * What would go with an image.
 *
 * @param tags that it has in the project
 * @param pinned whether it has a pin there
 * @param operations unfinished ones that work on it, which go on
 * @param freedBytes what the server's disk would get back: what no other image needs
 * @param freedInodes the same in inodes
 */
public record RemovalPlan(List<String> tags, boolean pinned, int operations, long freedBytes, long freedInodes) {
    public RemovalPlan {
        tags = List.copyOf(tags);
    }
}
