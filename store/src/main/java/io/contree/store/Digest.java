package io.contree.store;

import java.util.regex.Pattern;

/** A SHA-256 digest: 64 lower-case hexadecimal digits, validated, never a path or a plain string. */
public record Digest(String hex) implements Comparable<Digest> {
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

    public Digest {
        if (!HEX.matcher(hex).matches()) {
            throw new IllegalArgumentException("not a SHA-256 digest: " + hex);
        }
    }

    /** The digest of raw bytes of a SHA-256 (32 of them). */
    public static Digest of(byte[] sha256) {
        if (sha256.length != 32) {
            throw new IllegalArgumentException("a SHA-256 digest has 32 bytes, not " + sha256.length);
        }
        return new Digest(java.util.HexFormat.of().formatHex(sha256));
    }

    /** Parses the OCI form {@code sha256:HEX}. */
    public static Digest parse(String text) {
        if (!text.startsWith("sha256:")) {
            throw new IllegalArgumentException("not a sha256: digest: " + text);
        }
        return new Digest(text.substring("sha256:".length()));
    }

    /** The 32 bytes. */
    public byte[] bytes() {
        return java.util.HexFormat.of().parseHex(hex);
    }

    @Override
    public int compareTo(Digest other) {
        return hex.compareTo(other.hex);
    }

    /** The OCI form. */
    @Override
    public String toString() {
        return "sha256:" + hex;
    }
}
