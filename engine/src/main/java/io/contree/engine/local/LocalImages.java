package io.contree.engine.local;

import io.contree.api.CollectedGarbage;
import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.api.ImageRecord;
import io.contree.api.ImageUse;
import io.contree.api.LabelRequest;
import io.contree.api.LineagePage;
import io.contree.api.ProjectUse;
import io.contree.api.RemovedImage;
import io.contree.api.TagName;
import io.contree.engine.Action;
import io.contree.engine.Caller;
import io.contree.engine.Images;
import io.contree.engine.Page;
import io.contree.engine.ProjectCatalog;
import io.contree.engine.StoreFailures;
import io.contree.engine.history.LineageRequest;
import io.contree.engine.request.ImageReference;
import io.contree.engine.retention.Retention.Kind;
import io.contree.engine.retention.RetentionCatalog;
import io.contree.engine.retention.RetentionCatalog.Needs;
import io.contree.engine.upkeep.Upkeep;
import io.contree.store.Collected;
import io.contree.store.Commit;
import io.contree.store.DiskUse;
import io.contree.store.Image;
import io.contree.store.ImageDiff;
import io.contree.store.ImageView;
import io.contree.store.ImagesUse;
import io.contree.store.Store;
import io.contree.store.StoreException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;

/** Images of projects, on the catalog and the store of this machine. */
final class LocalImages implements Images {
    private final ProjectCatalog projects;
    private final RetentionCatalog retention;
    private final Store store;
    private final ImageReference references;
    private final Upkeep upkeep;
    private final Clock clock;

    LocalImages(ProjectCatalog projects, RetentionCatalog retention, Store store, Upkeep upkeep, Clock clock) {
        this.projects = projects;
        this.retention = retention;
        this.store = store;
        this.upkeep = upkeep;
        this.references = new ImageReference(projects, store);
        this.clock = clock;
    }

    @Override
    public List<ImageRecord> list(Caller caller, Filter filter, Page page) {
        Action.LOOK.require(caller);
        return projects.noted(caller.project(), projects.images(caller.project(), filter, page));
    }

    @Override
    public ImageRecord get(Caller caller, UUID uuid) {
        Action.LOOK.require(caller);
        return noted(caller, known(caller, uuid));
    }

    private ImageRecord noted(Caller caller, ImageRecord image) {
        return projects.noted(caller.project(), List.of(image)).getFirst();
    }

    private ImageRecord known(Caller caller, UUID uuid) {
        return projects.image(caller.project(), uuid).orElseThrow(() -> ImageReference.unknown(uuid));
    }

    @Override
    public ImageRecord byTag(Caller caller, String tag) {
        Action.LOOK.require(caller);
        return noted(caller, references.tagged(caller.project(), tag));
    }

    @Override
    public LineagePage lineage(Caller caller, LineageRequest request) {
        Action.LOOK.require(caller);
        known(caller, request.image());
        return projects.lineage(caller.project(), request);
    }

    @Override
    public ImageRecord tag(Caller caller, UUID image, String tag) {
        Action.TAG.require(caller);
        return noted(
                caller,
                projects.tag(caller.project(), image, TagName.require(tag), clock.instant())
                        .orElseThrow(() -> ImageReference.unknown(image)));
    }

    @Override
    public ImageRecord untag(Caller caller, UUID image, Optional<String> tag) {
        Action.TAG.require(caller);
        known(caller, image);
        int removed = projects.untag(caller.project(), image, tag);
        if (removed == 0 && tag.isPresent()) {
            throw new ContreeException(
                    ErrorCode.NOT_FOUND, "The image " + image + " does not have the tag \"" + tag.get() + "\".");
        }
        return known(caller, image);
    }

    @Override
    public ImageRecord label(Caller caller, UUID image, LabelRequest request) {
        Action.TAG.require(caller);
        int labels = projects.label(caller.project(), image, request, clock.instant())
                .orElseThrow(() -> ImageReference.unknown(image));
        if (labels > LabelRequest.MOST) {
            throw new ContreeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "image " + image + " would have " + labels + " labels, and may have " + LabelRequest.MOST
                            + "; remove some first");
        }
        return noted(caller, known(caller, image));
    }

    @Override
    public RemovedImage remove(Caller caller, UUID image, boolean force, boolean dryRun) {
        Action.REMOVE.require(caller);
        UUID project = caller.project();
        Needs needs = (dryRun ? retention.needs(project, image) : retention.remove(project, image, force))
                .orElseThrow(() -> notItsOwn(caller, image));
        if (needs.any() && !force) {
            throw new ContreeException(ErrorCode.CONFLICT, needed(image, needs));
        }
        if (!dryRun) {
            upkeep.removed();
            return removed(image, needs, Optional.empty());
        }
        try {
            DiskUse freed = retention.isElsewhere(project, image)
                    ? DiskUse.NOTHING
                    : store.use(Set.of(image)).exclusive();
            return removed(image, needs, Optional.of(freed));
        } catch (StoreException e) {
            throw StoreFailures.toContree(e);
        }
    }

    private static RemovedImage removed(UUID image, Needs needs, Optional<DiskUse> wouldFree) {
        return new RemovedImage(
                image,
                needs.tags(),
                needs.pinned(),
                needs.operations(),
                wouldFree.isPresent(),
                wouldFree.map(DiskUse::bytes).orElse(null),
                wouldFree.map(DiskUse::files).orElse(null));
    }

    /** A public image is another project's. */
    private ContreeException notItsOwn(Caller caller, UUID image) {
        return projects.image(caller.project(), image).isEmpty()
                ? ImageReference.unknown(image)
                : new ContreeException(
                        ErrorCode.CONFLICT,
                        "Cannot remove image " + image
                                + ": it is public and not this project's own; whoever runs the server can unpublish it.");
    }

    private static String needed(UUID image, Needs needs) {
        List<String> reasons = new ArrayList<>();
        if (!needs.tags().isEmpty()) {
            reasons.add((needs.tags().size() == 1 ? "it has the tag " : "it has the tags ")
                    + String.join(", ", needs.tags()));
        }
        if (needs.pinned()) {
            reasons.add("it is pinned");
        }
        if (needs.operations() > 0) {
            reasons.add(
                    needs.operations() == 1
                            ? "an operation works on it"
                            : needs.operations() + " operations work on it");
        }
        return "Cannot remove image " + image + ": " + String.join(", ", reasons)
                + ". Remove what needs it first, or force it: tags and pin go with the image, and what works on it goes on.";
    }

    @Override
    public void pin(Caller caller, UUID image) {
        setPin(caller, image, true);
    }

    @Override
    public void unpin(Caller caller, UUID image) {
        setPin(caller, image, false);
    }

    private void setPin(Caller caller, UUID image, boolean pinned) {
        Action.TAG.require(caller);
        if (!retention.pin(caller.project(), image, pinned, clock.instant())) {
            throw ImageReference.unknown(image);
        }
    }

    @Override
    public ImageUse usage(Caller caller, UUID image) {
        Action.LOOK.require(caller);
        known(caller, image);
        try {
            ImagesUse use = store.use(Set.of(image));
            return new ImageUse(
                    image,
                    use.exclusive().bytes(),
                    use.exclusive().files(),
                    use.shared().bytes(),
                    use.shared().files());
        } catch (StoreException e) {
            throw StoreFailures.toContree(e);
        }
    }

    @Override
    public ProjectUse usage(Caller caller) {
        Action.LOOK.require(caller);
        UUID project = caller.project();
        Set<UUID> own = new HashSet<>();
        retention.forEachImage(project, (image, idle, layers) -> own.add(image.uuid()));
        try {
            ImagesUse use = store.use(own);
            DiskUse all = store.use();
            return new ProjectUse(
                    new ProjectUse.Images(
                            own.size(),
                            use.exclusive().bytes(),
                            use.exclusive().files(),
                            use.shared().bytes(),
                            use.shared().files()),
                    new ProjectUse.Part(retention.count(project, Kind.UPLOADS), retention.uploadBytes(project)),
                    upkeep.logs(project),
                    new ProjectUse.All(all.bytes(), all.files()));
        } catch (StoreException e) {
            throw StoreFailures.toContree(e);
        }
    }

    @Override
    public CollectedGarbage collect(Caller caller, boolean dryRun) {
        Action.REMOVE.require(caller);
        try {
            Collected collected = dryRun
                    ? store.collectable()
                    : store.collect(true)
                            .orElseThrow(() -> new ContreeException(
                                    ErrorCode.CONFLICT,
                                    "Cannot remove anything now: another process, such as a backup or a check, reads the data"
                                            + " directory. Try again when it has ended."));
            return new CollectedGarbage(
                    collected.images(),
                    collected.layers(),
                    collected.files(),
                    collected.use().bytes(),
                    collected.use().files(),
                    dryRun);
        } catch (StoreException e) {
            throw StoreFailures.toContree(e);
        }
    }

    @Override
    public ImageView view(Caller caller, UUID image) {
        Action.LOOK.require(caller);
        upkeep.used(caller.project(), image);
        try {
            return store.view(references.load(caller.project(), image));
        } catch (StoreException e) {
            throw StoreFailures.toContree(e);
        }
    }

    @Override
    public Commit.Changes changes(Caller caller, UUID from, UUID to, int limit) {
        return compare(caller, from, to, (one, other) -> store.changes(one, other, limit));
    }

    @Override
    public ImageDiff diff(Caller caller, UUID from, UUID to, ImageDiff.Query query) {
        return compare(caller, from, to, (one, other) -> store.diff(one, other, query));
    }

    private <T> T compare(Caller caller, UUID from, UUID to, BiFunction<Image, Image, T> comparison) {
        Action.LOOK.require(caller);
        upkeep.used(caller.project(), from);
        upkeep.used(caller.project(), to);
        try {
            return comparison.apply(references.load(caller.project(), from), references.load(caller.project(), to));
        } catch (StoreException e) {
            throw StoreFailures.toContree(e);
        }
    }
}
