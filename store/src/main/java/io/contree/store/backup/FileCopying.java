package io.contree.store.backup;

import io.contree.linux.Errno;
import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.RawPath;
import io.contree.store.Digest;
import io.contree.store.IoFailure;
import io.contree.store.state.ContentHash;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;

/** Copies single files, and compares what they hold with their names. Used by one thread. */
final class FileCopying {
    private static final int BUFFER = 1 << 17;

    private final Tally tally;
    private final byte[] buffer = new byte[BUFFER];
    private final ContentHash hash = new ContentHash();

    FileCopying(Tally tally) {
        this.tally = tally;
    }

    /** What a file must hold. */
    private interface Hash {
        Digest of(Fd file, long size) throws IOException;
    }

    /** @throws DamageException if the file is missing or has another SHA-256 */
    void copyUpload(Path from, Path to, Digest digest) throws IOException {
        copy(from, to, digest, this::sha256);
    }

    /** @throws DamageException if the file is missing or has another content hash */
    void copyContent(Path from, Path to, Digest content) throws IOException {
        copy(from, to, content, hash::of);
    }

    private void copy(Path from, Path to, Digest digest, Hash hashing) throws IOException {
        int flags = FileCalls.WRITE | FileCalls.CREATE | FileCalls.EXCLUSIVE;
        try (Fd source = open(from)) {
            long size = FileCalls.stat(source, "").size();
            if (!found(source, size, hashing).equals(digest)) {
                throw new DamageException("it has other bytes than were written to it");
            }
            try (Fd target = FileCalls.open(Fd.CWD, RawPath.of(to).raw(), flags, 0600, 0)) {
                FileCalls.copy(source, target, tally::tell);
            }
            tally.copied(size);
        }
    }

    private static Fd open(Path file) throws IOException {
        try {
            return FileCalls.open(file, FileCalls.READ | FileCalls.NO_FOLLOW);
        } catch (LinuxException e) {
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.EIO) {
                throw new DamageException(
                        e.errno() == Errno.ENOENT ? "it is missing" : "it cannot be read: " + IoFailure.reason(e), e);
            }
            throw e;
        }
    }

    private static Digest found(Fd source, long size, Hash hashing) throws IOException {
        try {
            return hashing.of(source, size);
        } catch (LinuxException e) {
            throw new DamageException("it cannot be read: " + IoFailure.reason(e), e);
        }
    }

    private Digest sha256(Fd file, long size) throws IOException {
        MessageDigest sha256 = Digest.sha256();
        long at = 0;
        while (at < size) {
            int read = FileCalls.read(file, buffer, 0, BUFFER, at);
            if (read == 0) {
                break;
            }
            sha256.update(buffer, 0, read);
            at += read;
            tally.tell();
        }
        return Digest.of(sha256.digest());
    }

    /** Compresses a log; the copy has its time, by which a later backup knows it. */
    void packLog(Path log, Path packed) throws IOException {
        FileTime time = Files.getLastModifiedTime(log);
        try (InputStream in = Files.newInputStream(log);
                OutputStream out = new FastGzip(Files.newOutputStream(packed))) {
            tally.copied(in.transferTo(out));
        }
        setTime(packed, time);
    }

    /** @throws DamageException if the packed log is not what was written */
    void unpackLog(Path packed, Path log) throws IOException {
        try (InputStream file = Files.newInputStream(packed);
                OutputStream out = Files.newOutputStream(log)) {
            unpack(file, out);
        }
        setTime(log, Files.getLastModifiedTime(packed));
    }

    private void unpack(InputStream file, OutputStream out) throws IOException {
        try (InputStream in = new GZIPInputStream(file, BUFFER)) {
            int read = in.read(buffer);
            while (read >= 0) {
                out.write(buffer, 0, read);
                tally.copied(read);
                read = in.read(buffer);
            }
        } catch (ZipException | java.io.EOFException e) {
            throw new DamageException("it is damaged: " + e.getMessage(), e);
        }
    }

    private static void setTime(Path file, FileTime time) throws IOException {
        Files.getFileAttributeView(file, BasicFileAttributeView.class).setTimes(time, null, null);
    }

    /** Most of a log compresses well whatever the effort. */
    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream out) throws IOException {
            super(out, BUFFER);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
