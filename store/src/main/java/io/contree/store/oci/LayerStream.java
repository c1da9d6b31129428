package io.contree.store.oci;

import io.contree.store.Digest;
import io.contree.store.LayerWriter;
import io.contree.store.StoreException;
import io.contree.store.StoreException.Kind;
import io.contree.store.oci.limit.ByteBudget;
import io.contree.store.oci.limit.ImportControl;
import io.contree.store.oci.tar.Decompression;
import io.contree.store.oci.tar.TarReader;
import io.contree.store.stream.CountingStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;

/** A packed tar on its way into a layer: unpacked, hashed, within the limits. Used once. */
final class LayerStream implements AutoCloseable {
    private final String what;
    private final ByteBudget budget;
    private final ImportControl control;
    private final CountingStream packed;
    private final MessageDigest sha256 = Digest.sha256();
    private final long total;

    /**
     * @param what names the tar in errors
     * @param step names it in progress
     * @param total bytes of the packed stream
     */
    LayerStream(InputStream in, String what, String step, long total, ByteBudget budget, ImportControl control) {
        this.what = what;
        this.budget = budget;
        this.control = control;
        this.total = total;
        this.packed = new CountingStream(in, read -> progress(step));
    }

    /**
     * Unpacks everything, reading to the very end of the packed stream.
     *
     * @throws StoreException INVALID if it is damaged, not a tar, or a decompression bomb
     */
    Result unpack(LayerWriter layer, LayerUnpacker.Whiteouts whiteouts) throws IOException {
        try (InputStream decompressed = Decompression.open(packed, budget.limits())) {
            CountingStream counted = new CountingStream(decompressed, budget::bytes);
            // The outermost stream reads where it is told to skip: a digest stream would let those bytes pass unhashed.
            InputStream unpacked = new CountingStream(
                    new DigestInputStream(counted, sha256),
                    read -> budget.limits().checkRatio(what, counted.count(), packed.count()));
            long entries = new LayerUnpacker(new TarReader(unpacked), layer, budget, control, whiteouts).unpack();
            unpacked.transferTo(OutputStream.nullOutputStream());
            packed.transferTo(OutputStream.nullOutputStream());
            return new Result(Digest.of(sha256.digest()), packed.count(), entries);
        } catch (IOException e) {
            control.check();
            if (Decompression.isDamage(e)) {
                throw new StoreException(Kind.INVALID, what + " cannot be unpacked: " + e.getMessage() + ".", e);
            }
            throw e;
        }
    }

    /**
     * What was unpacked.
     *
     * @param diffId SHA-256 of the unpacked bytes
     */
    record Result(Digest diffId, long packedBytes, long entries) {}

    private void progress(String step) {
        control.check();
        control.progress().step(step, packed.count(), total);
    }

    @Override
    public void close() throws IOException {
        packed.close();
    }
}
