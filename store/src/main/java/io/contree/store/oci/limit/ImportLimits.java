package io.contree.store.oci.limit;

import io.contree.store.StoreException;
import io.contree.store.StoreException.Kind;

/**
 * What an import may cost. A source that wants more is refused, so that a small hostile archive cannot fill the disk.
 *
 * @param documentBytes of one manifest, index or config
 * @param layers of one image
 * @param blobBytes of one compressed layer
 * @param unpackedBytes of all layers of one import together: every byte that comes out of the decompressors, and the
 *     apparent sizes of sparse files
 * @param entries of all layers of one import together
 * @param freeBytes a stream may unpack to this much whatever its ratio
 * @param ratio beyond {@code freeBytes}: unpacked bytes per compressed byte
 * @param zstdWindowLog largest zstd window as a power of two, which is memory outside the Java heap
 */
public record ImportLimits(
        int documentBytes,
        int layers,
        long blobBytes,
        long unpackedBytes,
        long entries,
        long freeBytes,
        int ratio,
        int zstdWindowLog) {
    // 27 is what every zstd level up to 22 needs; 500 is the most that one overlay mount takes.
    public static final ImportLimits DEFAULT =
            new ImportLimits(4 << 20, 400, 64L << 30, 128L << 30, 10_000_000, 256L << 20, 200, 27);

    /**
     * Checks what a decompressor has produced so far.
     *
     * @param what names the stream in errors
     * @throws StoreException INVALID
     */
    public void checkRatio(String what, long unpacked, long packed) {
        if (unpacked > freeBytes && unpacked / ratio > packed) {
            throw new StoreException(
                    Kind.INVALID,
                    what + " is refused as a decompression bomb: it unpacks to more than " + ratio
                            + " times its size.");
        }
    }
}
