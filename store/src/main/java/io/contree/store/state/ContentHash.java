package io.contree.store.state;

import io.contree.linux.Errno;
import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.store.Digest;
import java.security.MessageDigest;

/**
 * The hash of a regular file's content: SHA-256 of its bytes or, above 16 MiB, SHA-256 of the SHA-256 of each 16 MiB piece, so
 * that a hole of a terabyte costs its pieces and not its bytes. Used by one thread.
 */
public final class ContentHash {
    static final int PIECE = 16 << 20;
    private static final int BUFFER = 1 << 17;

    private byte[] buffer = {}; // most runs leave small files, or none
    private final MessageDigest digest = Digest.sha256();
    private byte[] zeroPiece = {};

    public Digest of(Fd file, long size) throws LinuxException {
        if (size <= PIECE) {
            return Digest.of(piece(file, 0, (int) size));
        }
        MessageDigest pieces = Digest.sha256();
        long dataStart = 0;
        long dataEnd = 0;
        for (long at = 0; at < size; at += PIECE) {
            Checkpoint.pass();
            int length = (int) Math.min(PIECE, size - at);
            if (dataEnd <= at && dataStart != Long.MAX_VALUE) {
                long[] data = FileCalls.nextData(file, at, size);
                dataStart = data.length == 0 ? Long.MAX_VALUE : data[0];
                dataEnd = data.length == 0 ? 0 : data[1];
            }
            boolean hole = length == PIECE && dataStart >= at + length;
            pieces.update(hole ? zeroPiece() : piece(file, at, length));
        }
        return Digest.of(pieces.digest());
    }

    private byte[] piece(Fd file, long start, int length) throws LinuxException {
        if (buffer.length < Math.min(BUFFER, length)) {
            buffer = new byte[Math.min(BUFFER, length)];
        }
        int done = 0;
        while (done < length) {
            int read = FileCalls.read(file, buffer, 0, Math.min(buffer.length, length - done), start + done);
            if (read == 0) {
                digest.reset();
                throw new LinuxException("read (the file became shorter)", "", Errno.EIO.number());
            }
            digest.update(buffer, 0, read);
            done += read;
        }
        return digest.digest();
    }

    private byte[] zeroPiece() {
        if (zeroPiece.length == 0) {
            byte[] zeros = new byte[BUFFER];
            for (int done = 0; done < PIECE; done += BUFFER) {
                digest.update(zeros);
            }
            zeroPiece = digest.digest();
        }
        return zeroPiece;
    }
}
