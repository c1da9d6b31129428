package io.contree.linux;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * A path or name as Linux has it: bytes of no encoding. Ordered by components, that is by bytes with {@code /} before
 * all others. Neither comparing nor hashing allocates.
 *
 * @param raw the bytes, one per char, as {@code package-info} defines
 */
public record RawPath(String raw) implements Comparable<RawPath> {
    /** The root of an image, or no path at all. */
    public static final RawPath EMPTY = new RawPath("");

    /** The path that text means: its UTF-8 bytes. */
    public static RawPath of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A path of this machine. */
    public static RawPath of(Path path) {
        return of(path.toString());
    }

    public static RawPath of(byte[] bytes) {
        return new RawPath(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    /** The text of raw bytes; those that are not UTF-8 become U+FFFD: for people and JSON, not for look-ups. */
    public static String toText(String raw) {
        return new String(bytes(raw), StandardCharsets.UTF_8);
    }

    /** The bytes of a raw name or value. */
    public static byte[] bytes(String raw) {
        return raw.getBytes(StandardCharsets.ISO_8859_1);
    }

    public byte[] bytes() {
        return bytes(raw);
    }

    public boolean isEmpty() {
        return raw.isEmpty();
    }

    /** In bytes. */
    public int length() {
        return raw.length();
    }

    /** The path of a raw name in this directory. */
    public RawPath child(String name) {
        return isEmpty() ? new RawPath(name) : new RawPath(raw + "/" + name);
    }

    /** All but the last component; empty if there is one only. */
    public RawPath parent() {
        return new RawPath(raw.substring(0, Math.max(0, raw.lastIndexOf('/'))));
    }

    /** The last component, raw. */
    public String name() {
        return raw.substring(raw.lastIndexOf('/') + 1);
    }

    /** The components, raw; none of the empty path. */
    public List<String> names() {
        return isEmpty() ? List.of() : List.of(raw.split("/", -1));
    }

    @Override
    public int compareTo(RawPath other) {
        int common = Math.min(length(), other.length());
        for (int i = 0; i < common; i++) {
            int difference = rank(raw.charAt(i)) - rank(other.raw.charAt(i));
            if (difference != 0) {
                return difference;
            }
        }
        return length() - other.length();
    }

    /** The place of a byte in the order of paths: no name holds a NUL, so its place is free for the slash. */
    public static int rank(int unsignedByte) {
        return unsignedByte == '/' ? 0 : unsignedByte;
    }

    /** As {@link #toText}. */
    @Override
    public String toString() {
        return toText(raw);
    }
}
