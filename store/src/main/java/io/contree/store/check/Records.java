package io.contree.store.check;

import io.contree.store.LayerId;
import io.contree.store.StoredFile;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** The records of a catalog as a checker needs them, besides what the store needs. Implemented on SQL by {@code catalog}. */
public interface Records {
    /** What is wrong with the database itself and with how its records refer to each other; empty if nothing. */
    List<String> problems();

    /** The UUIDs of all images as they are recorded, the oldest first. */
    List<String> imageIds();

    /** Hands each image that can be read, with its stack, to a visitor, which must not call the catalog. */
    void forEachStack(BiConsumer<UUID, List<LayerId>> visitor);

    /** Hands each uploaded file to a visitor, which must not call the catalog. */
    void forEachFile(Consumer<StoredFile> visitor);

    /** Layers and files (by their digests in hexadecimal) that lost their records and wait for removal. */
    Set<String> released();

    /** By what names people know these images, each as {@code project/tag}, or the project alone where it has no tag. */
    Map<UUID, List<String>> names(Collection<UUID> images);
}
