package io.contree.store.oci;

import io.contree.store.StoreException;
import io.contree.store.StoreException.Kind;

/** What the layers of one import may still unpack to. For the one thread that unpacks. */
final class ByteBudget {
    private final ImportLimits limits;
    private long bytes;
    private long entries;

    ByteBudget(ImportLimits limits) {
        this.limits = limits;
    }

    ImportLimits limits() {
        return limits;
    }

    /** Bytes counted up to now. */
    long used() {
        return bytes;
    }

    /**
     * Counts bytes that came out of a decompressor, or the size of the holes of a file.
     *
     * @throws StoreException DISK_FULL
     */
    void bytes(long more) {
        bytes += more;
        if (more < 0 || bytes > limits.unpackedBytes()) {
            throw new StoreException(
                    Kind.DISK_FULL,
                    "The image unpacks to more than the limit of " + limits.unpackedBytes() + " bytes.");
        }
    }

    /**
     * Counts an entry.
     *
     * @throws StoreException DISK_FULL
     */
    void entry() {
        entries++;
        if (entries > limits.entries()) {
            throw new StoreException(
                    Kind.DISK_FULL, "The image has more entries than the limit of " + limits.entries() + ".");
        }
    }
}
