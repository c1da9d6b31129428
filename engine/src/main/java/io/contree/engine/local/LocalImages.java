package io.contree.engine.local;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.api.ImageRecord;
import io.contree.api.TagName;
import io.contree.engine.Action;
import io.contree.engine.Caller;
import io.contree.engine.Images;
import io.contree.engine.Page;
import io.contree.engine.ProjectCatalog;
import io.contree.engine.StoreFailures;
import io.contree.engine.request.ImageReference;
import io.contree.store.Commit;
import io.contree.store.ImageView;
import io.contree.store.Store;
import io.contree.store.StoreException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Images of projects, on the catalog and the store of this machine. */
final class LocalImages implements Images {
    private final ProjectCatalog projects;
    private final Store store;
    private final ImageReference references;
    private final Clock clock;

    LocalImages(ProjectCatalog projects, Store store, Clock clock) {
        this.projects = projects;
        this.store = store;
        this.references = new ImageReference(projects, store);
        this.clock = clock;
    }

    @Override
    public List<ImageRecord> list(Caller caller, Filter filter, Page page) {
        Action.LOOK.require(caller);
        return projects.images(caller.project(), filter, page);
    }

    @Override
    public ImageRecord get(Caller caller, UUID uuid) {
        Action.LOOK.require(caller);
        return known(caller, uuid);
    }

    private ImageRecord known(Caller caller, UUID uuid) {
        return projects.image(caller.project(), uuid).orElseThrow(() -> ImageReference.unknown(uuid));
    }

    @Override
    public ImageRecord byTag(Caller caller, String tag) {
        Action.LOOK.require(caller);
        return references.tagged(caller.project(), tag);
    }

    @Override
    public ImageRecord tag(Caller caller, UUID image, String tag) {
        Action.TAG.require(caller);
        return projects.tag(caller.project(), image, TagName.require(tag), clock.instant())
                .orElseThrow(() -> ImageReference.unknown(image));
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
    public ImageView view(Caller caller, UUID image) {
        Action.LOOK.require(caller);
        try {
            return store.view(references.load(caller.project(), image));
        } catch (StoreException e) {
            throw StoreFailures.toContree(e);
        }
    }

    @Override
    public Commit.Changes changes(Caller caller, UUID from, UUID to, int limit) {
        Action.LOOK.require(caller);
        try {
            return store.changes(references.load(caller.project(), from), references.load(caller.project(), to), limit);
        } catch (StoreException e) {
            throw StoreFailures.toContree(e);
        }
    }
}
