package io.contree.engine.history;

import io.contree.api.LineagePage;
import io.contree.api.LineageStep;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * Goes through a lineage breadth first. Each state is left once, at its least depth, so every step is told once and a run that
 * led back to an earlier state ends nothing and repeats nothing.
 */
public final class LineageWalk {
    /** The steps next to an image, in the direction of the walk. */
    public interface Neighbours {
        /** Hands over the newest first, until {@code more} says that it has enough. */
        void of(UUID image, int depth, Predicate<LineageStep> more);
    }

    private final LineageRequest request;
    private final List<LineageStep> page = new ArrayList<>();
    private final Set<UUID> seen = new HashSet<>();
    private long skipped;
    private boolean full;

    private LineageWalk(LineageRequest request) {
        this.request = request;
    }

    public static LineagePage page(LineageRequest request, Neighbours neighbours) {
        return new LineageWalk(request).walk(neighbours);
    }

    private LineagePage walk(Neighbours neighbours) {
        List<UUID> level = List.of(request.image());
        seen.add(request.image());
        for (int depth = 1; depth <= request.depth() && !level.isEmpty(); depth++) {
            List<UUID> next = new ArrayList<>();
            for (UUID image : level) {
                neighbours.of(image, depth, step -> take(step, next));
                if (full) {
                    return new LineagePage(
                            page, request.from().after(page.size()).cursor());
                }
            }
            level = next;
        }
        return new LineagePage(page, null);
    }

    private boolean take(LineageStep step, List<UUID> next) {
        if (skipped == request.from().skipped() && page.size() == request.limit()) {
            full = true;
            return false;
        }
        if (skipped < request.from().skipped()) {
            skipped++;
        } else {
            page.add(step);
        }
        UUID far = request.toAncestors() ? step.inputImage() : step.outputImage();
        if (far != null && seen.add(far)) {
            next.add(far);
        }
        return true;
    }
}
