package io.contree.engine.request;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.api.ImageRecord;
import io.contree.api.StepsBack;
import io.contree.api.Uuids;
import io.contree.engine.ProjectCatalog;
import io.contree.engine.StoreFailures;
import io.contree.engine.history.Ancestor;
import io.contree.store.Image;
import io.contree.store.Store;
import io.contree.store.StoreException;
import java.util.UUID;

/** Finds the image that a project means by a UUID or by {@code tag:NAME}, or by either with {@code ~N} behind it: N steps back. */
public record ImageReference(ProjectCatalog projects, Store store) {
    private static final String TAG = "tag:";

    /** NOT_FOUND for what the project does not have, INVALID_ARGUMENT for what is neither. */
    public Image resolve(UUID project, String reference) {
        if (reference.startsWith(TAG)) {
            return load(
                    project, tagged(project, reference.substring(TAG.length())).uuid());
        }
        return load(project, StepsBack.isIn(reference) ? before(project, reference) : uuid(reference));
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

    /** By a tag, or by a tag or UUID with {@code ~N} behind it. NOT_FOUND, INVALID_ARGUMENT for a malformed number. */
    public ImageRecord tagged(UUID project, String tag) {
        if (StepsBack.isIn(tag)) {
            return known(project, before(project, tag));
        }
        return projects.imageByTag(project, tag)
                .orElseThrow(() -> new ContreeException(
                        ErrorCode.NOT_FOUND, "There is no image with the tag \"" + tag + "\" in this project."));
    }

    private ImageRecord known(UUID project, UUID uuid) {
        return projects.image(project, uuid).orElseThrow(() -> unknown(uuid));
    }

    private UUID before(UUID project, String name) {
        StepsBack back = StepsBack.parse(name)
                .orElseThrow(() -> new ContreeException(
                        ErrorCode.INVALID_ARGUMENT, "\"" + name + "\" is not an image: give " + StepsBack.SYNTAX));
        String base = back.base();
        UUID from = Uuids.parse(base)
                .map(uuid -> known(project, uuid))
                .orElseGet(() -> tagged(project, base))
                .uuid();
        Ancestor ancestor = projects.ancestor(project, from, back.steps());
        if (ancestor.steps() < back.steps()) {
            throw new ContreeException(ErrorCode.NOT_FOUND, "There is no image " + name + ": " + road(base, ancestor));
        }
        if (projects.image(project, ancestor.image()).isEmpty()) {
            throw new ContreeException(
                    ErrorCode.NOT_FOUND,
                    name + " is image " + ancestor.image() + ", which is not in this project any more.");
        }
        return ancestor.image();
    }

    private static String road(String base, Ancestor begin) {
        return switch (begin.steps()) {
            case 0 -> "no run led to " + base + ".";
            case 1 -> "one run led to " + base + ", on image " + begin.image() + ".";
            default -> begin.steps() + " runs led to " + base + ", the first of them on image " + begin.image() + ".";
        };
    }

    public static ContreeException unknown(UUID uuid) {
        return new ContreeException(ErrorCode.NOT_FOUND, "There is no image " + uuid + " in this project.");
    }

    private static UUID uuid(String text) {
        return Uuids.parse(text)
                .orElseThrow(() -> new ContreeException(
                        ErrorCode.INVALID_ARGUMENT,
                        "\"" + text
                                + "\" is not an image: give a UUID or tag:NAME, with ~N behind it for N steps back"));
    }
}
