package io.contree.store;

import io.contree.linux.DiskSpace;
import io.contree.linux.UserNamespace;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The filesystem states of one data directory, opened by one process at a time. Closing unmounts everything.
 *
 * <p>Opening recovers: whatever a killed predecessor left (mounts, checkouts, temporary files, layers and files that no
 * record names) is removed; every image of the catalog is whole.
 */
public interface Store extends AutoCloseable {
    /**
     * The image of a UUID.
     *
     * @throws StoreException NOT_FOUND
     */
    Image image(UUID uuid);

    /**
     * A writable overlay of an image.
     *
     * @throws StoreException NOT_FOUND if it was removed meanwhile, DISK_FULL, IO
     */
    Checkout checkout(Image image);

    /**
     * As above, with ids of its own.
     *
     * @param users whose ids it shows, while its mount exists; empty for those of the image
     */
    Checkout checkout(Image image, Optional<UserNamespace> users);

    /** A read-only view of an image. Close it. */
    ImageView view(Image image);

    /** What differs between two images, at most {@code limit} changes listed in byte order of their paths. */
    Commit.Changes changes(Image from, Image to, int limit);

    /**
     * A page of what differs between two images.
     *
     * @throws StoreException NOT_FOUND if one was removed meanwhile, IO
     */
    ImageDiff diff(Image from, Image to, ImageDiff.Query query);

    FileStore files();

    /** What the disk of the data directory has room for. Costs next to nothing. */
    DiskSpace space();

    /**
     * The same once the disk counts what was freed. Waits until all pending data is written, and some tenths of a
     * second more.
     */
    DiskSpace settledSpace();

    Importer importer();

    /** Keeps the records of images, whatever is removed, until it is closed. Safe for use by several threads. */
    interface Hold extends AutoCloseable {
        /** From now on the image stays, if it is there. */
        void add(UUID image);

        @Override
        void close();
    }

    /** Holds nothing yet. */
    Hold hold();

    /**
     * Removes what lost its records (see {@link ReleasedRecords}), while everything else goes on.
     *
     * @param everything whether to look for what else nothing names too: what failed work left, and layers of registries that
     *     no image has any more. Reads the directory and all stacks
     * @return empty if nothing was removed because another process, such as a backup, reads the data directory
     * @throws StoreException IO
     */
    Optional<Collected> collect(boolean everything);

    /**
     * Does what removes files that a record named, such as event logs, and is soon over.
     *
     * @return false, with nothing done, while another process, such as a backup, reads the data directory
     * @throws StoreException IO
     */
    boolean removing(Runnable work);

    /** What {@link #collect} would remove, unless it is in use. */
    Collected collectable();

    /** What a layer takes up on the disk, in bytes, with all that it shares; 0 if it is gone. Each is walked once by a store. */
    long layerBytes(LayerId layer);

    /**
     * All that layers and uploads take up on the disk, those that wait for collection included; checkouts, views, logs and the catalog
     * are not. Each layer is walked once by a store.
     */
    DiskUse use();

    /**
     * What a set of images, such as those of a project, takes up together: what is exclusive would be free without them. Reads all
     * stacks.
     *
     * @param images those that are unknown count for nothing
     */
    ImagesUse use(Set<UUID> images);

    /** What each of some images takes up by itself; unknown ones are left out. Reads all stacks once. */
    Map<UUID, ImagesUse> useOfEach(Collection<UUID> images);

    @Override
    void close();
}
