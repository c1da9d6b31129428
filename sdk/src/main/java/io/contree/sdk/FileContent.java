package io.contree.sdk;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A file that a run is given: its bytes, permission bits and owner. Immutable. */
public final class FileContent {
    private static final int DEFAULT_MODE = 0644;
    private static final int PERMISSIONS = 07777;

    private final byte @Nullable [] bytes;
    private final @Nullable Path path;
    private final Optional<Integer> mode;
    private final int uid;
    private final int gid;

    private FileContent(byte @Nullable [] bytes, @Nullable Path path, Optional<Integer> mode, int uid, int gid) {
        this.bytes = bytes;
        this.path = path;
        this.mode = mode;
        this.uid = uid;
        this.gid = gid;
    }

    /** A file of this machine, read at the time of the run; its permission bits go along unless others are set. */
    public static FileContent of(Path path) {
        return new FileContent(null, path, Optional.empty(), 0, 0);
    }

    public static FileContent of(byte[] bytes) {
        return new FileContent(bytes.clone(), null, Optional.empty(), 0, 0);
    }

    /** Text as UTF-8. */
    public static FileContent of(String text) {
        return new FileContent(text.getBytes(StandardCharsets.UTF_8), null, Optional.empty(), 0, 0);
    }

    /** With these permission bits, such as {@code 0755}. */
    public FileContent mode(int mode) {
        if ((mode & ~PERMISSIONS) != 0) {
            throw new IllegalArgumentException(
                    "permission bits go from 0 to 07777 (octal), and these are 0" + Integer.toOctalString(mode));
        }
        return new FileContent(bytes, path, Optional.of(mode), uid, gid);
    }

    /** Owned so inside the image; root unless said otherwise. */
    public FileContent owner(int uid, int gid) {
        return new FileContent(bytes, path, mode, uid, gid);
    }

    int uid() {
        return uid;
    }

    int gid() {
        return gid;
    }

    /** The permission bits that were set, else the file's own, else 0644. */
    int effectiveMode() throws IOException {
        if (mode.isPresent() || path == null || !Files.getFileStore(path).supportsFileAttributeView("posix")) {
            return mode.orElse(DEFAULT_MODE);
        }
        return (int) Files.getAttribute(path, "unix:mode") & PERMISSIONS;
    }

    /** SHA-256 in hexadecimal digits. */
    String sha256() throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            if (bytes != null) {
                digest.update(bytes);
            } else {
                try (InputStream in = new DigestInputStream(Files.newInputStream(source()), digest)) {
                    in.transferTo(java.io.OutputStream.nullOutputStream());
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    BodyPublisher publisher() {
        if (bytes != null) {
            return BodyPublishers.ofByteArray(bytes);
        }
        try {
            return BodyPublishers.ofFile(source());
        } catch (FileNotFoundException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path source() {
        if (path == null) {
            throw new IllegalStateException("neither bytes nor a path");
        }
        return path;
    }

    @Override
    public String toString() {
        return path != null ? path.toString() : (bytes == null ? 0 : bytes.length) + " bytes";
    }
}
