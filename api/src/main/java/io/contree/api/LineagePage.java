package io.contree.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of an image's lineage, in order of depth.
 *
 * @param nextCursor what goes on after it; left out at the end
 */
public record LineagePage(List<LineageStep> steps, @Nullable String nextCursor) {
    public LineagePage {
        steps = List.copyOf(steps);
    }
}
