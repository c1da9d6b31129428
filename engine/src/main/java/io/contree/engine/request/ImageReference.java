package io.contree.engine.request;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.api.ImageRecord;
import io.contree.api.Uuids;
import io.contree.engine.ProjectCatalog;
import io.contree.engine.StoreFailures;
import io.contree.store.Image;
import io.contree.store.Store;
import io.contree.store.StoreException;
import java.util.UUID;

/** Finds the image that a project means by a UUID or by {@code tag:NAME}. */
public record ImageReference(ProjectCatalog projects, Store store) {
    private static final String TAG = "tag:";

    /** NOT_FOUND for what the project does not have, INVALID_ARGUMENT for what is neither. */
    public Image resolve(UUID project, String reference) {
        return load(
                project,
                reference.startsWith(TAG)
                        ? tagged(project, reference.substring(TAG.length())).uuid()
                        : uuid(reference));
    }

    /** NOT_FOUND for what the project does not have, though the store may. */
    public Image load(UUID project, UUID uuid) {
        if (projects.image(project, uuid).isEmpty()) {
            throw unknown(uuid);
        }
        try {
            return store.image(uuid);
        } catch (StoreException e) {
            throw StoreFailures.toContree(e);
        }
    }

    public ImageRecord tagged(UUID project, String tag) {
        return projects.imageByTag(project, tag)
                .orElseThrow(() -> new ContreeException(
                        ErrorCode.NOT_FOUND, "There is no image with the tag \"" + tag + "\" in this project."));
    }

    public static ContreeException unknown(UUID uuid) {
        return new ContreeException(ErrorCode.NOT_FOUND, "There is no image " + uuid + " in this project.");
    }

    private static UUID uuid(String text) {
        return Uuids.parse(text)
                .orElseThrow(() -> new ContreeException(
                        ErrorCode.INVALID_ARGUMENT, "\"" + text + "\" is not an image: give a UUID or tag:NAME"));
    }
}
