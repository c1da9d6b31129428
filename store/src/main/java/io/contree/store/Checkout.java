package io.contree.store;

import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.BooleanSupplier;

/**
 * A writable overlay of one image, for one sandbox. Used by one thread at a time; used once: after {@link #commit} it can only be
 * closed, and then nothing is left of it but what the commit made. Until then the image that the commit found stays, whatever is
 * removed meanwhile.
 */
public interface Checkout extends AutoCloseable {
    /** The image that this was made from. */
    Image image();

    /** The mount. It shows ids mapped as it was asked for: root of the image is {@code hostStart} of the mapping here. */
    Path root();

    /**
     * Puts an uploaded file into the checkout, cloned where the file system can. Parent directories are made (0755,
     * root); a file or link at the path is replaced, links in the parents are followed only within the root.
     *
     * @param goOn called between pieces of a copy; if it throws, the copy ends and leaves part of the file
     * @throws StoreException NOT_FOUND for an unknown file, INVALID for a path that cannot hold a file
     */
    void place(PlacedFile file, Runnable goOn);

    /** As above, without a way to end it early. */
    default void place(PlacedFile file) {
        place(file, () -> {});
    }

    /**
     * What the writable layer takes up on disk so far, found by walking it; nothing once this is closed. Another thread
     * may call it meanwhile. Files without a name are not counted.
     *
     * @param goOn asked every few hundred files; once it returns false, the result is what was found so far
     */
    DiskUse use(BooleanSupplier goOn);

    /**
     * What the disk itself counts for this, files without a name included; in no time, also by another thread. A disk may count what
     * was removed until it is freed, and room that it keeps ready for a file that grows.
     *
     * @return empty where the disk counts for no directory, or this is closed
     */
    default Optional<DiskUse> metered() {
        return Optional.empty();
    }

    /**
     * From now on the disk refuses what goes beyond a limit, if it can, which {@link #metered} tells; what is there already stays. It
     * lets a little more be written, so that who meets the limit is seen above it.
     */
    default void limitTo(DiskUse most) {}

    /**
     * Turns the checkout into an image. Everything that wrote to it must have ended. On return the layer is on disk and
     * the image is recorded as {@link ImageCatalog#record} says. An entry that equals the parent's is dropped; if none is left
     * and env and cwd are equal too, the result is the parent.
     *
     * @param env what the resulting image preserves
     * @param cwd what the resulting image preserves, empty for {@code /}
     * @param goOn called between the steps of the work, which may be many; what it throws ends it, as a failure does
     * @throws StoreException DISK_FULL, IO, also if the disk has lost anything written to the file system since the
     *     checkout was made; nothing was then recorded
     */
    Commit commit(SortedMap<String, String> env, String cwd, Runnable goOn);

    /** As above, without a way to end it early. */
    default Commit commit(SortedMap<String, String> env, String cwd) {
        return commit(env, cwd, () -> {});
    }

    /** Unmounts and removes what is there; nothing is left to do after the first. */
    @Override
    void close();
}
