package io.contree.store;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A homomorphic multiset hash of entries, LtHash16 with 1,024 lanes of 16 bits (Bellare and Micciancio 1997; Lewi et al.
 * 2019, "Securing Update Propagation with Homomorphic Hashing"): a sum of element hashes, so that adding and taking away
 * commute. Immutable.
 */
public final class LtHash {
    /** Bytes of a sum. */
    public static final int SIZE = 2048;

    /** The hash of the empty set. */
    public static final LtHash EMPTY = new LtHash(new byte[SIZE]);

    private final byte[] lanes;

    private LtHash(byte[] lanes) {
        this.lanes = lanes;
    }

    /** A sum from its {@link #bytes}. */
    public static LtHash of(byte[] bytes) {
        if (bytes.length != SIZE) {
            throw new IllegalArgumentException("an LtHash has " + SIZE + " bytes, not " + bytes.length);
        }
        return new LtHash(bytes.clone());
    }

    /** The sum's {@value #SIZE} bytes, lane by lane, big endian. */
    public byte[] bytes() {
        return lanes.clone();
    }

    /** The hash of both multisets together. */
    public LtHash plus(LtHash other) {
        return combined(other, 1);
    }

    /** Undoes {@link #plus} with {@code other}. */
    public LtHash minus(LtHash other) {
        return combined(other, -1);
    }

    private LtHash combined(LtHash other, int sign) {
        byte[] sum = new byte[SIZE];
        ByteBuffer mine = ByteBuffer.wrap(lanes);
        ByteBuffer theirs = ByteBuffer.wrap(other.lanes);
        ByteBuffer target = ByteBuffer.wrap(sum);
        for (int at = 0; at < SIZE; at += Short.BYTES) {
            target.putShort(at, (short) (mine.getShort(at) + sign * theirs.getShort(at)));
        }
        return new LtHash(sum);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LtHash that && Arrays.equals(lanes, that.lanes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(lanes);
    }

    /** Short, for people: the first bytes of the sum's SHA-256. */
    @Override
    public String toString() {
        return Digest.ofContent(lanes).hex().substring(0, 16);
    }
}
