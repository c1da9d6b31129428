package io.contree.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;
import java.util.regex.Pattern;

/** A SHA-256 digest: 32 bytes, validated, never a path or a plain string. */
public final class Digest implements Comparable<Digest> {
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

    private final byte[] bytes;

    private Digest(byte[] bytes) {
        this.bytes = bytes;
    }

    /** From 64 lower-case hexadecimal digits. */
    public Digest(String hex) {
        if (!HEX.matcher(hex).matches()) {
            throw new IllegalArgumentException("not a SHA-256 digest: " + hex);
        }
        this(HexFormat.of().parseHex(hex));
    }

    /** The digest with the 32 raw bytes of a SHA-256. */
    public static Digest of(byte[] sha256) {
        if (sha256.length != 32) {
            throw new IllegalArgumentException("a SHA-256 digest has 32 bytes, not " + sha256.length);
        }
        return new Digest(sha256.clone());
    }

    /** The digest of a content. */
    public static Digest ofContent(byte[] content) {
        return new Digest(sha256().digest(content));
    }

    /** The digest of what a file holds, read to its end. */
    public static Digest ofFile(Path file) throws IOException {
        MessageDigest sha256 = sha256();
        byte[] buffer = new byte[1 << 17];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                sha256.update(buffer, 0, read);
            }
        }
        return new Digest(sha256.digest());
    }

    /** Parses the OCI form {@code sha256:HEX}. */
    public static Digest parse(String text) {
        if (!text.startsWith("sha256:")) {
            throw new IllegalArgumentException("not a sha256: digest: " + text);
        }
        return new Digest(text.substring("sha256:".length()));
    }

    /** Starts a SHA-256, which every Java platform has. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime has no SHA-256", e);
        }
    }

    /** The 32 bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** The 64 hexadecimal digits. */
    public String hex() {
        return HexFormat.of().formatHex(bytes);
    }

    /** The version-8 UUID of its first 16 bytes (RFC 9562, 5.8). */
    public UUID uuid() {
        ByteBuffer first = ByteBuffer.wrap(bytes);
        long high = (first.getLong() & 0xffff_ffff_ffff_0fffL) | 0x8000L;
        long low = (first.getLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Digest that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public int compareTo(Digest other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    /** The OCI form. */
    @Override
    public String toString() {
        return "sha256:" + hex();
    }
}
