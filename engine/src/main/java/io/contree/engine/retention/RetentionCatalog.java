package io.contree.engine.retention;

import io.contree.store.Digest;
import io.contree.store.LayerId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The durable records of what projects keep, and what they no longer do. Every method that records is atomic, and durable on
 * return. What a project gives up is released to {@link io.contree.store.ReleasedRecords}. Safe for use by several threads. One
 * conformance suite runs on every implementation.
 */
public interface RetentionCatalog {
    /**
     * Why an image of a project should stay.
     *
     * @param operations that work on it, and have not ended
     */
    record Needs(List<String> tags, boolean pinned, int operations) {
        public Needs {
            tags = List.copyOf(tags);
        }

        public boolean any() {
            return pinned || operations > 0 || !tags.isEmpty();
        }
    }

    /** Something of a project, and when it was last used; an operation was when it ended. */
    record Used(UUID uuid, Instant usedAt) {}

    /** What needs an image that a project has itself; empty if it has not. */
    Optional<Needs> needs(UUID project, UUID image);

    /**
     * Takes an image from a project, with its tags and pin there. Unless it is forced, only if nothing needs it.
     *
     * @return what needed it; empty, with nothing recorded, if the project does not have it itself
     */
    Optional<Needs> remove(UUID project, UUID image, boolean force);

    /** Whether another project has the image, or a public tag names it. */
    boolean isElsewhere(UUID project, UUID image);

    /** Pins an image of a project, or a public one, which then is its own; or takes the pin back. False if it has no such image. */
    boolean pin(UUID project, UUID image, boolean pinned, Instant now);

    /** An image was used in a project just now. */
    void used(UUID project, UUID image, Instant now);

    /** Uploads were used in a project just now. */
    void used(UUID project, Collection<Digest> uploads, Instant now);

    /** Whether the log of an operation was removed. */
    boolean isWithoutLog(UUID operation);

    /** The rules of a project in words, if it has its own. */
    Optional<String> rules(UUID project);

    /** All projects, each with its own rules in words, if it has any. */
    Map<UUID, Optional<String>> projects();

    /** How many a project has of a kind; of logs, operations that have one. */
    long count(UUID project, Retention.Kind kind);

    /** Sum of the sizes of a project's uploads. */
    long uploadBytes(UUID project);

    /**
     * Those of a kind that may go, the longest unused first: images without tag, pin and unfinished operation, uploads, operations
     * that have ended, and those of them that have a log.
     *
     * @param after where to go on, empty for the start
     */
    List<Used> idle(UUID project, Retention.Kind kind, Optional<Used> after, int limit);

    /**
     * Hands all images of a project to a visitor, which must not call the catalog: first those that must stay, then those that may
     * go, the newest use first.
     */
    void forEachImage(UUID project, ImageVisitor visitor);

    /** Sees one image of a project. */
    interface ImageVisitor {
        void image(Used image, boolean idle, List<LayerId> layers);
    }

    /** Takes images from a project, unless something has needed or used them since; returns how many. */
    int removeImages(UUID project, Collection<Used> images);

    /** Takes uploads from a project, unless they have been used since, or are spared; returns how many. */
    int removeUploads(UUID project, Collection<Used> uploads, Set<Digest> spared);

    /** Removes the records of ended operations; steps of the lineage stay as long as the project has the image that they reached. */
    int removeOperations(UUID project, Collection<Used> operations);

    /** Records that these operations have no log any more, which is to be removed next. */
    int removeLogs(UUID project, Collection<Used> operations);
}
