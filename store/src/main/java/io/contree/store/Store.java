package io.contree.store;

import io.contree.linux.DiskSpace;
import io.contree.linux.UserNamespace;
import java.util.Optional;
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
     * @throws StoreException DISK_FULL, IO
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

    FileStore files();

    /** What the disk of the data directory has room for. Costs next to nothing. */
    DiskSpace space();

    /**
     * The same once the disk counts what was freed. Waits until all pending data is written, and some tenths of a
     * second more.
     */
    DiskSpace settledSpace();

    Importer importer();

    @Override
    void close();
}
