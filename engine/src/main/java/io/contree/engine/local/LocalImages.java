package io.contree.engine.local;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.api.ImageRecord;
import io.contree.api.TagName;
import io.contree.engine.Caller;
import io.contree.engine.Images;
import io.contree.engine.Page;
import io.contree.engine.ProjectCatalog;
import io.contree.engine.StoreFailures;
import io.contree.engine.request.ImageReference;
import io.contree.engine.request.Permissions;
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
        Permissions.require(caller, Caller.Permission.LIST);
        return projects.images(caller.project(), filter, page);
    }

    @Override
    public ImageRecord get(Caller caller, UUID uuid) {
        return projects.image(caller.project(), uuid).orElseThrow(() -> ImageReference.unknown(uuid));
    }

    @Override
    public ImageRecord byTag(Caller caller, String tag) {
        return projects.imageByTag(caller.project(), tag)
                .orElseThrow(() -> new ContreeException(
                        ErrorCode.NOT_FOUND, "There is no image with the tag \"" + tag + "\" in this project."));
    }

    @Override
    public ImageRecord tag(Caller caller, UUID image, String tag) {
        Permissions.require(caller, Caller.Permission.SET_IMAGE_TAG);
        return projects.tag(caller.project(), image, TagName.require(tag), clock.instant())
                .orElseThrow(() -> ImageReference.unknown(image));
    }

    @Override
    public void untag(Caller caller, UUID image, Optional<String> tag) {
        Permissions.require(caller, Caller.Permission.SET_IMAGE_TAG);
        get(caller, image);
        int removed = projects.untag(caller.project(), image, tag);
        if (removed == 0 && tag.isPresent()) {
            throw new ContreeException(
                    ErrorCode.NOT_FOUND, "The image " + image + " does not have the tag \"" + tag.get() + "\".");
        }
    }

    @Override
    public ImageView view(Caller caller, UUID image) {
        try {
            return store.view(references.load(caller.project(), image));
        } catch (StoreException e) {
            throw StoreFailures.toContree(e);
        }
    }

    @Override
    public Commit.Changes changes(Caller caller, UUID from, UUID to, int limit) {
        try {
            return store.changes(references.load(caller.project(), from), references.load(caller.project(), to), limit);
        } catch (StoreException e) {
            throw StoreFailures.toContree(e);
        }
    }
}
