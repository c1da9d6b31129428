package io.contree.store;

import io.contree.linux.RawPath;
import java.util.List;

/**
 * What a commit found.
 *
 * @param image the state now: the parent itself if nothing changed, a known image if this state was reached before
 * @param layerBytes bytes of file content in the difference from the parent; 0 if nothing changed
 * @param changes how many entries differ from the parent
 */
public record Commit(Image image, long layerBytes, long changes) {
    /** One difference between a state and its parent, for people: a path and what happened to it. */
    public record Change(Kind kind, RawPath path) {}

    /** What happened to a path. */
    public enum Kind {
        ADDED,
        MODIFIED,
        DELETED
    }

    /** True if the state differs from the parent's. */
    public boolean changed() {
        return changes > 0;
    }

    /** A bounded list of changes with the number of those left out. */
    public record Changes(List<Change> listed, long more) {
        public Changes {
            listed = List.copyOf(listed);
        }
    }
}
