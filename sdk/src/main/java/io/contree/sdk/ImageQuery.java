package io.contree.sdk;

import io.contree.api.OperationKind;
import io.contree.sdk.internal.http.Filters;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which images to list: a value. Starts with all of them; each method gives a narrower query. */
public final class ImageQuery {
    private final Filters filters;
    private final @Nullable OperationKind kind;

    private ImageQuery(Filters filters, @Nullable OperationKind kind) {
        this.filters = filters;
        this.kind = kind;
    }

    public static ImageQuery all() {
        return new ImageQuery(Filters.NONE, null);
    }

    /** Only images with a tag. */
    public ImageQuery tagged() {
        return new ImageQuery(filters.with("tagged", "1"), kind);
    }

    /** Only tags that start with this. */
    public ImageQuery tagPrefix(String prefix) {
        return new ImageQuery(filters.with("tag", prefix), kind);
    }

    /** Only the image of this UUID, under each of its tags. */
    public ImageQuery uuid(UUID uuid) {
        return new ImageQuery(filters.with("uuid", uuid), kind);
    }

    /** Only images with this label, whatever its value; with other labels, those too. */
    public ImageQuery label(String name) {
        return labelled(name);
    }

    /** Only images with this value of a label; with other labels, those too. */
    public ImageQuery label(String name, String value) {
        return labelled(name + "=" + value);
    }

    private ImageQuery labelled(String label) {
        List<Object> labels = new ArrayList<>();
        if (filters.conditions().get("label") instanceof Collection<?> before) {
            labels.addAll(before);
        }
        labels.add(label);
        return new ImageQuery(filters.with("label", List.copyOf(labels)), kind);
    }

    /** Only images with this label, the least value first: numbers by size, and before all others. */
    public ImageQuery leastFirst(String label) {
        return new ImageQuery(filters.with("sort", "label:" + label), kind);
    }

    /** Only images with this label, the greatest value first: numbers by size, and before all others. */
    public ImageQuery greatestFirst(String label) {
        return new ImageQuery(filters.with("sort", "-label:" + label), kind);
    }

    /** Only images of this moment or later. */
    public ImageQuery since(Instant instant) {
        return new ImageQuery(filters.with("since", instant), kind);
    }

    /** Only images of this moment or earlier. */
    public ImageQuery until(Instant instant) {
        return new ImageQuery(filters.with("until", instant), kind);
    }

    /** Only what runs left, or only what was imported: picked out by this client, which asks for the operations first. */
    public ImageQuery kind(OperationKind kind) {
        return new ImageQuery(filters, kind);
    }

    /** At most this many, the first. */
    public ImageQuery limit(long count) {
        return new ImageQuery(filters.limit(count), kind);
    }

    Filters filters() {
        return filters;
    }

    Optional<OperationKind> kind() {
        return Optional.ofNullable(kind);
    }
}
