package io.contree.sdk;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which images to list. Starts with all of them; each method gives a narrower query. */
public final class ImageQuery {
    private final boolean tagged;
    private final @Nullable String tagPrefix;
    private final @Nullable Instant since;
    private final @Nullable Instant until;

    private ImageQuery(boolean tagged, @Nullable String tagPrefix, @Nullable Instant since, @Nullable Instant until) {
        this.tagged = tagged;
        this.tagPrefix = tagPrefix;
        this.since = since;
        this.until = until;
    }

    public static ImageQuery all() {
        return new ImageQuery(false, null, null, null);
    }

    /** Only images with a tag. */
    public ImageQuery tagged() {
        return new ImageQuery(true, tagPrefix, since, until);
    }

    /** Only tags that start so. */
    public ImageQuery tagPrefix(String prefix) {
        return new ImageQuery(tagged, prefix, since, until);
    }

    public ImageQuery since(Instant instant) {
        return new ImageQuery(tagged, tagPrefix, instant, until);
    }

    public ImageQuery until(Instant instant) {
        return new ImageQuery(tagged, tagPrefix, since, instant);
    }

    String path(int limit, long offset) {
        return new Query("/images")
                .with("limit", limit)
                .with("offset", offset)
                .flag("tagged", tagged)
                .with("tag", Optional.ofNullable(tagPrefix))
                .with("since", Optional.ofNullable(since))
                .with("until", Optional.ofNullable(until))
                .toString();
    }
}
