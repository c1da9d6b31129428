package io.contree.sdk;

import io.contree.api.OperationKind;
import io.contree.sdk.internal.http.Filters;
import java.time.Instant;
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

    /** At most this many, the newest. */
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
