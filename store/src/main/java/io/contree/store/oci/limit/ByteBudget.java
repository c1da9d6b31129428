package io.contree.store.oci.limit;

import io.contree.store.StoreException;
import io.contree.store.StoreException.Kind;

/** What the layers of one import may still unpack to. For the one thread that unpacks. */
public final class ByteBudget {
    private final ImportLimits limits;
    private long bytes;
    private long entries;

    public ByteBudget(ImportLimits limits) {
        this.limits = limits;
    }

    public ImportLimits limits() {
        return limits;
    }

    /** Bytes counted so far. */
    public long used() {
        return bytes;
    }

    /**
     * Counts bytes that came out of a decompressor, or the size of the holes of a file.
     *
     * @throws StoreException DISK_FULL
     */
    public void bytes(long more) {
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
    public void entry() {
        entries++;
        if (entries > limits.entries()) {
            throw new StoreException(
                    Kind.DISK_FULL, "The image has more entries than the limit of " + limits.entries() + ".");
        }
    }
}
