package io.contree.store.oci.origin;

import io.contree.store.Digest;
import io.contree.store.oci.image.Descriptor;
import io.contree.store.oci.tar.MalformedArchiveException;
import io.contree.store.stream.BulkStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/** Hashes what passes and fails at the end unless size and digest are as promised. To be read to its end. */
final class VerifyingStream extends BulkStream {
    private final Descriptor promised;
    private final MessageDigest sha256 = Digest.sha256();
    private long size;
    private boolean verified;

    VerifyingStream(InputStream in, Descriptor promised) {
        super(in);
        this.promised = promised;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int read = in.read(buffer, offset, length);
        if (read > 0) {
            size += read;
            sha256.update(buffer, offset, read);
        }
        if (size > promised.size()) {
            throw new MalformedArchiveException("it has more than the promised " + promised.size() + " bytes");
        }
        if (read < 0 && !verified) {
            verify();
        }
        return read;
    }

    private void verify() throws MalformedArchiveException {
        if (size < promised.size()) {
            throw new MalformedArchiveException(
                    "it has only " + size + " of the promised " + promised.size() + " bytes");
        }
        if (!Digest.of(sha256.digest()).equals(promised.digest())) {
            throw new MalformedArchiveException("its bytes do not have the digest " + promised.digest());
        }
        verified = true;
    }
}
