package io.contree.store;

import java.util.UUID;

/** Makes images from root file systems, OCI layouts, docker archives and registries. Safe for several threads. */
public interface Importer {
    /**
     * What an import made.
     *
     * @param bytesMoved bytes read from the registry or archive for layers that were not here yet
     */
    record Imported(Image image, long bytesMoved) {}

    /** Hears how an import proceeds; called from any thread, often. */
    interface Progress {
        /** {@code done} of {@code total} bytes (-1 unknown) of one step, such as a layer by its digest. */
        void step(String what, long done, long total);

        /** Something in the source was left out or changed, in words; the import goes on. */
        default void warning(String message) {}

        /** Which image it is, before it is looked for or recorded: what holds it now keeps it. */
        default void reaching(UUID image) {}

        /** True once the caller wants the import to end; it then throws CANCELLED soon. */
        default boolean cancelled() {
            return false;
        }
    }

    /**
     * Imports and records an image, or finds that it is here already. Interrupting the thread cancels.
     *
     * @throws StoreException INVALID, REGISTRY, DISK_FULL, IO, CANCELLED; nothing is then recorded, but layers that were
     *     finished may be found again by the next import
     */
    Imported importImage(ImportSource source, Progress progress);
}
