package io.contree.engine;

import io.contree.api.ImageRecord;
import io.contree.store.ImageView;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The images of a project. */
public interface Images {
    /**
     * What to list.
     *
     * @param tagged only images with a tag
     * @param tagPrefix only tags with this prefix; an exact match comes first
     */
    record Filter(
            boolean tagged,
            Optional<String> tagPrefix,
            Optional<UUID> uuid,
            Optional<Instant> since,
            Optional<Instant> until) {}

    /** One record per image and tag, and one for an image without tags; newest first, full pages. */
    List<ImageRecord> list(Caller caller, Filter filter, Page page);

    /** The image of a UUID (under its newest tag). NOT_FOUND otherwise. */
    ImageRecord get(Caller caller, UUID uuid);

    /** The image that a tag names. NOT_FOUND otherwise. */
    ImageRecord byTag(Caller caller, String tag);

    /** Puts or moves a tag. INVALID_ARGUMENT for a malformed tag, NOT_FOUND for an unknown image. */
    ImageRecord tag(Caller caller, UUID image, String tag);

    /** The image without one tag, or without all. NOT_FOUND for an unknown image or a tag that it does not have. */
    ImageRecord untag(Caller caller, UUID image, Optional<String> tag);

    /** A read-only look into an image; close it. NOT_FOUND for an unknown one. */
    ImageView view(Caller caller, UUID image);

    /** What differs between two images of the project. */
    io.contree.store.Commit.Changes changes(Caller caller, UUID from, UUID to, int limit);
}
