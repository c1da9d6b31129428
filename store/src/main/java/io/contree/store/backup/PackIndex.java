package io.contree.store.backup;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.store.Digest;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where things are in a packed layer, behind its contents.
 *
 * @param manifest where it begins; the sums follow, and then the rest of this
 * @param stubs the entries whose content lies apart, with that content
 */
record PackIndex(long manifest, long manifestLength, long sumsLength, SortedMap<Integer, Digest> stubs) {
    long sums() {
        return manifest + manifestLength;
    }

    /** What {@link #read} reads. */
    byte[] bytes() {
        ByteBuffer bytes = ByteBuffer.allocate(stubs.size() * PackFormat.STUB_SIZE + PackFormat.FOOTER_SIZE);
        stubs.forEach((entry, content) -> bytes.putInt(entry).put(content.bytes()));
        bytes.putLong(PackFormat.MAGIC).putInt(PackFormat.VERSION).putInt(stubs.size());
        bytes.putLong(manifest).putLong(manifestLength).putLong(sumsLength);
        MessageDigest sha256 = Digest.sha256();
        sha256.update(bytes.array(), 0, bytes.position());
        return bytes.put(sha256.digest()).array();
    }

    /** @throws DamageException if it is not what was written */
    static PackIndex read(Fd pack) throws LinuxException, DamageException {
        long size = FileCalls.stat(pack, "").size();
        if (size < PackFormat.FOOTER_SIZE) {
            throw new DamageException("it is too short");
        }
        ByteBuffer footer = bytes(pack, size - PackFormat.FOOTER_SIZE, PackFormat.FOOTER_SIZE);
        if (footer.getLong() != PackFormat.MAGIC) {
            throw new DamageException("it does not end like a packed layer");
        }
        int version = footer.getInt();
        int count = footer.getInt();
        PackIndex places =
                new PackIndex(footer.getLong(), footer.getLong(), footer.getLong(), Collections.emptySortedMap());
        long start = places.sums() + places.sumsLength;
        if (version != PackFormat.VERSION
                || count < 0
                || start < 0
                || start + (long) count * PackFormat.STUB_SIZE + PackFormat.FOOTER_SIZE != size) {
            throw new DamageException("its index is damaged, or of a later version of contree");
        }
        SortedMap<Integer, Digest> stubs = stubs(bytes(pack, start, count * PackFormat.STUB_SIZE), count);
        PackIndex index = new PackIndex(places.manifest, places.manifestLength, places.sumsLength, stubs);
        byte[] written = bytes(pack, start, (int) (size - start)).array();
        if (!Arrays.equals(written, index.bytes())) {
            throw new DamageException("its index is damaged");
        }
        return index;
    }

    private static SortedMap<Integer, Digest> stubs(ByteBuffer bytes, int count) {
        SortedMap<Integer, Digest> stubs = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            int entry = bytes.getInt();
            byte[] content = new byte[32];
            bytes.get(content);
            stubs.put(entry, Digest.of(content));
        }
        return stubs;
    }

    static ByteBuffer bytes(Fd file, long at, int length) throws LinuxException, DamageException {
        byte[] bytes = new byte[length];
        int done = 0;
        while (done < length) {
            int read = FileCalls.read(file, bytes, done, length - done, at + done);
            if (read == 0) {
                throw new DamageException("it is too short");
            }
            done += read;
        }
        return ByteBuffer.wrap(bytes);
    }
}
