package io.contree.engine;

import io.contree.api.CollectedGarbage;
import io.contree.api.ImageRecord;
import io.contree.api.ImageUse;
import io.contree.api.LabelRequest;
import io.contree.api.LineagePage;
import io.contree.api.ProjectUse;
import io.contree.api.RemovedImage;
import io.contree.engine.history.LineageRequest;
import io.contree.store.Commit;
import io.contree.store.ImageDiff;
import io.contree.store.ImageView;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The images of a project. */
public interface Images {
    /**
     * What to list.
     *
     * @param tagged only images with a tag
     * @param pinned only images with a pin
     * @param tagPrefix only tags with this prefix; an exact match comes first
     * @param labels only images with all of these; where there is a value, with that
     * @param order by the values of a label, which only images with it have; the newest first otherwise
     */
    record Filter(
            boolean tagged,
            boolean pinned,
            Optional<String> tagPrefix,
            Optional<UUID> uuid,
            Optional<Instant> since,
            Optional<Instant> until,
            Map<String, Optional<String>> labels,
            Optional<LabelOrder> order) {
        public Filter {
            labels = Map.copyOf(labels);
        }

        /** One that asks for no labels. */
        public Filter(
                boolean tagged,
                boolean pinned,
                Optional<String> tagPrefix,
                Optional<UUID> uuid,
                Optional<Instant> since,
                Optional<Instant> until) {
            this(tagged, pinned, tagPrefix, uuid, since, until, Map.of(), Optional.empty());
        }
    }

    /** By the values of a label: numbers by size and before all others, those by their characters. */
    record LabelOrder(String name, boolean falling) {}

    /** One record per image and tag, and one for an image without tags; newest first, full pages. */
    List<ImageRecord> list(Caller caller, Filter filter, Page page);

    /** The image of a UUID (under its newest tag). NOT_FOUND otherwise. */
    ImageRecord get(Caller caller, UUID uuid);

    /** The image that a tag names, or a tag or UUID with {@code ~N} behind it. NOT_FOUND otherwise. */
    ImageRecord byTag(Caller caller, String tag);

    /** A page of the steps that led to an image, or on from it. NOT_FOUND for an unknown one. */
    LineagePage lineage(Caller caller, LineageRequest request);

    /** Puts or moves a tag. INVALID_ARGUMENT for a malformed tag, NOT_FOUND for an unknown image. */
    ImageRecord tag(Caller caller, UUID image, String tag);

    /** The image without one tag, or without all. NOT_FOUND for an unknown image or a tag that it does not have. */
    ImageRecord untag(Caller caller, UUID image, Optional<String> tag);

    /**
     * Notes something on an image. NOT_FOUND for an unknown one.
     *
     * @throws io.contree.api.ContreeException INVALID_ARGUMENT if it would have too many labels
     */
    ImageRecord label(Caller caller, UUID image, LabelRequest request);

    /**
     * Takes an image from the project, with its tags and pin there if it is forced. What nothing else names is then collected.
     *
     * @param dryRun says what would go, and nothing goes
     * @throws io.contree.api.ContreeException NOT_FOUND for an image that the project does not have itself, CONFLICT if something
     *     needs it and it is not forced
     */
    RemovedImage remove(Caller caller, UUID image, boolean force, boolean dryRun);

    /** Pins an image: no retention takes it. NOT_FOUND for an unknown one. */
    void pin(Caller caller, UUID image);

    /** Takes the pin back, if there is one. NOT_FOUND for an unknown image. */
    void unpin(Caller caller, UUID image);

    /** What an image of the project takes up on the disk. NOT_FOUND for an unknown one. */
    ImageUse usage(Caller caller, UUID image);

    /** What the project takes up on the disk. Reads all stacks, and asks for the size of each log. */
    ProjectUse usage(Caller caller);

    /**
     * Removes from the disk what nothing names any more, of all projects, and returns when that is done.
     *
     * @param dryRun finds out what would go, and nothing goes
     * @throws io.contree.api.ContreeException CONFLICT while something, such as a backup, reads the data directory
     */
    CollectedGarbage collect(Caller caller, boolean dryRun);

    /** A read-only look into an image; close it. NOT_FOUND for an unknown one. */
    ImageView view(Caller caller, UUID image);

    /** What differs between two images of the project. */
    Commit.Changes changes(Caller caller, UUID from, UUID to, int limit);

    /** A page of the same, with all that is known of each difference. NOT_FOUND for an unknown image. */
    ImageDiff diff(Caller caller, UUID from, UUID to, ImageDiff.Query query);
}
