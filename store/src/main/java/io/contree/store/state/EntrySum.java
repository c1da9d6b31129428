package io.contree.store.state;

import io.contree.store.LtHash;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A sum of entry hashes that grows and shrinks: each SHA-256 is stretched to {@value LtHash#SIZE} bytes by AES-256 in counter
 * mode, keyed with it, and these bytes are added lane by lane. Used by one thread.
 */
final class EntrySum {
    private static final byte[] ZEROS = new byte[LtHash.SIZE];
    private static final IvParameterSpec FIRST_BLOCK = new IvParameterSpec(new byte[16]);

    private final Cipher cipher;
    private final byte[] stretched = new byte[LtHash.SIZE];
    private final short[] lanes = new short[LtHash.SIZE / Short.BYTES];

    EntrySum() {
        try {
            cipher = Cipher.getInstance("AES/CTR/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime has no AES in counter mode", e);
        }
    }

    void add(byte[] sha256) {
        combine(sha256, 1);
    }

    void subtract(byte[] sha256) {
        combine(sha256, -1);
    }

    private void combine(byte[] sha256, int sign) {
        stretch(sha256);
        ByteBuffer element = ByteBuffer.wrap(stretched);
        for (int lane = 0; lane < lanes.length; lane++) {
            lanes[lane] = (short) (lanes[lane] + sign * element.getShort(lane * Short.BYTES));
        }
    }

    private void stretch(byte[] sha256) {
        try {
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(sha256, "AES"), FIRST_BLOCK);
            cipher.doFinal(ZEROS, 0, ZEROS.length, stretched);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES refused a 32-byte key", e);
        }
    }

    LtHash hash() {
        ByteBuffer bytes = ByteBuffer.allocate(LtHash.SIZE);
        bytes.asShortBuffer().put(lanes);
        return LtHash.of(bytes.array());
    }
}
