package io.contree.engine;

import io.contree.api.FileRecord;
import io.contree.api.ImageRecord;
import io.contree.api.LabelRequest;
import io.contree.api.LineagePage;
import io.contree.engine.history.Ancestor;
import io.contree.engine.history.LineageRequest;
import io.contree.store.Digest;
import io.contree.store.StoredFile;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * The durable records of projects: tokens, images, tags, files, lineage. UUIDs of images and files follow from content, so
 * a project has only those that it reached itself, and those that are public. Every method that records is atomic, and
 * durable on return. Safe for use by several threads. One conformance suite runs on every implementation.
 */
public interface ProjectCatalog {
    /**
     * A token without its text.
     *
     * @param hash SHA-256 of the text
     */
    record TokenRecord(Caller caller, Digest hash, Instant createdAt) {}

    /**
     * One step of a project's lineage: a run on {@code input} that reached another image.
     *
     * @param cachedFrom the run that reached it, where its record answered and nothing ran
     */
    record Step(UUID operation, UUID input, String command, UUID output, Instant at, Optional<UUID> cachedFrom) {}

    /** The oldest project; made if there is none. */
    UUID firstProject(Instant now);

    /** The project's own limits; none for an unknown project. */
    ProjectLimits limits(UUID project);

    void recordToken(TokenRecord token);

    /** The token of a hash, expired or not. */
    Optional<TokenRecord> token(Digest hash);

    /** The image under its newest tag, if the project has it. */
    Optional<ImageRecord> image(UUID project, UUID image);

    Optional<ImageRecord> imageByTag(UUID project, String tag);

    /** As {@link Images#list}. */
    List<ImageRecord> images(UUID project, Images.Filter filter, Page page);

    /** Puts or moves a tag; empty, with nothing recorded, if the project does not have the image. */
    Optional<ImageRecord> tag(UUID project, UUID image, String tag, Instant now);

    /** Removes one tag, or all, from an image; returns how many it had of those. */
    int untag(UUID project, UUID image, Optional<String> tag);

    /**
     * Notes something on an image, which becomes the project's own if it is public.
     *
     * @return how many labels it would have then: with more than {@link LabelRequest#MOST} nothing is recorded; empty if the
     *     project does not have the image
     */
    OptionalInt label(UUID project, UUID image, LabelRequest request, Instant now);

    /** The same images with what is noted on them. */
    List<ImageRecord> noted(UUID project, List<ImageRecord> images);

    /** Steps that reached an image, newest first. */
    List<Step> stepsTo(UUID project, UUID image, int limit);

    /** A page of the steps that led to an image, or on from it. */
    LineagePage lineage(UUID project, LineageRequest request);

    /**
     * The state so many steps before an image, or the first one if there are fewer. A step back is the run that the project has a
     * state from; of one that it no longer has, the earliest that is recorded.
     */
    Ancestor ancestor(UUID project, UUID image, int steps);

    /** Gives a file to the project; if the project has it, only {@code updatedAt} changes. */
    FileRecord recordFile(UUID project, StoredFile file, Instant now);

    Optional<FileRecord> file(UUID project, UUID file);

    Optional<FileRecord> file(UUID project, Digest digest);

    /** Newest first. */
    List<FileRecord> files(UUID project, Optional<Instant> since, Optional<Instant> until, Page page);
}
