package io.contree.store.oci.tar;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.contree.store.oci.limit.ImportLimits;
import io.contree.store.stream.WatchedStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.tukaani.xz.XZInputStream;

/** Unpacks a layer or archive, recognised by its first bytes: media types and file names are often wrong. */
public final class Decompression {
    private static final int BUFFER = 64 << 10;
    private static final int GZIP = 0x1F8B;
    private static final int ZSTD = 0x28B52FFD;
    private static final int XZ = 0xFD377A58;
    private static final int BZIP2 = 0x425A68;
    // A zstd file may start with a skippable frame; the low four bits of its first byte are free.
    private static final int ZSTD_SKIPPABLE = 0x502A4D18;
    private static final int ZSTD_SKIPPABLE_MASK = 0xF0FFFFFF;

    private Decompression() {}

    /**
     * The unpacked bytes of a gzip (all its members), zstd, xz, bzip2 or plain stream. Closing the result closes {@code in} and frees
     * the decompressor's native memory.
     */
    public static InputStream open(InputStream in, ImportLimits limits) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(in, BUFFER);
        buffered.mark(4);
        byte[] magic = buffered.readNBytes(4);
        buffered.reset();
        int word = magic.length < 4 ? 0 : java.nio.ByteBuffer.wrap(magic).getInt();
        if (word >>> 16 == GZIP) {
            return new GZIPInputStream(buffered, BUFFER);
        }
        if (word == ZSTD || (word & ZSTD_SKIPPABLE_MASK) == ZSTD_SKIPPABLE) {
            return new ZstdInputStreamNoFinalizer(buffered).setLongMax(limits.zstdWindowLog());
        }
        if (word == XZ) {
            WatchedStream source = new WatchedStream(buffered);
            return DecodedStream.of(source, () -> new XZInputStream(source, 1 << (limits.zstdWindowLog() - 10)));
        }
        if (word >>> 8 == BZIP2) {
            WatchedStream source = new WatchedStream(buffered);
            return DecodedStream.of(source, () -> new BZip2CompressorInputStream(source, true));
        }
        return buffered;
    }

    /** Whether a failure of a stream from here means that its bytes are damaged, not that they could not be read. */
    public static boolean isDamage(IOException failure) {
        return failure instanceof MalformedArchiveException
                || failure instanceof java.util.zip.ZipException
                || failure instanceof java.io.EOFException
                || failure instanceof com.github.luben.zstd.ZstdIOException;
    }
}
