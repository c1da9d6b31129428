package io.contree.engine.history;

import java.util.UUID;

/**
 * Which part of an image's lineage is wanted.
 *
 * @param first only the step that each state came by first: those before the image are then a line, those after it a tree
 * @param depth at most so many steps away, 1 and more
 * @param limit steps at most, 1 to {@value #MOST}
 */
public record LineageRequest(
        UUID image, Direction direction, boolean first, int depth, int limit, LineagePosition from) {
    public static final int MOST = 10_000;
    public static final int USUAL = 100;

    /** Which way to go from the image. */
    public enum Direction {
        ANCESTORS,
        DESCENDANTS
    }

    public LineageRequest {
        if (depth < 1 || limit < 1 || limit > MOST) {
            throw new IllegalArgumentException("lineage out of range: depth " + depth + ", limit " + limit);
        }
    }

    public boolean toAncestors() {
        return direction == Direction.ANCESTORS;
    }
}
