package io.contree.sdk;

import io.contree.api.FileRecord;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where the bytes of a file come from, and how they reach the server once. */
interface Content {
    int DEFAULT_MODE = 0644;
    int PERMISSIONS = 07777;

    /** The file with these bytes; they are sent only if the server does not have them. */
    FileRecord upload(UploadedFiles files) throws IOException;

    /** The permission bits that go along unless others are set. */
    default int mode() throws IOException {
        return DEFAULT_MODE;
    }

    /** Bytes in memory. */
    final class InMemory implements Content {
        private final byte[] bytes;

        InMemory(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public FileRecord upload(UploadedFiles files) {
            String sha256 = HexFormat.of().formatHex(sha256().digest(bytes));
            return files.find(sha256).orElseGet(() -> files.send(toString(), BodyPublishers.ofByteArray(bytes), true));
        }

        @Override
        public String toString() {
            return bytes.length + " bytes";
        }
    }

    /** A file of this machine, read when it is needed. */
    record LocalFile(Path path) implements Content {
        public LocalFile {
            Objects.requireNonNull(path, "path");
        }

        @Override
        public FileRecord upload(UploadedFiles files) throws IOException {
            MessageDigest digest = sha256();
            try (InputStream in = new DigestInputStream(Files.newInputStream(path), digest)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            var known = files.find(HexFormat.of().formatHex(digest.digest()));
            return known.isPresent() ? known.get() : files.send(toString(), publisher(), true);
        }

        private BodyPublisher publisher() throws FileNotFoundException {
            return BodyPublishers.ofFile(path);
        }

        @Override
        public int mode() throws IOException {
            return path.getFileSystem().supportedFileAttributeViews().contains("unix")
                    ? (int) Files.getAttribute(path, "unix:mode") & PERMISSIONS
                    : DEFAULT_MODE;
        }

        @Override
        public String toString() {
            return path.toString();
        }
    }

    /** A stream, which can be read once: sent when first needed, and known by its digest from then on. */
    final class Stream implements Content {
        private final InputStream stream;
        private boolean read;
        private @Nullable FileRecord sent;

        Stream(InputStream stream) {
            this.stream = Objects.requireNonNull(stream, "stream");
        }

        @Override
        public synchronized FileRecord upload(UploadedFiles files) throws IOException {
            FileRecord known = sent;
            if (known != null) {
                return files.find(known.sha256())
                        .orElseThrow(
                                () -> new IOException("it was read for another server; this one does not have it"));
            }
            if (read) {
                throw new IOException("it was read in an attempt that failed");
            }
            read = true;
            try (stream) {
                FileRecord file = files.send(toString(), BodyPublishers.ofInputStream(() -> stream), false);
                sent = file;
                return file;
            }
        }

        @Override
        public String toString() {
            return "a stream";
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
