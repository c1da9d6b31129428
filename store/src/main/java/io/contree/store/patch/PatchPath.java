package io.contree.store.patch;

import io.contree.linux.RawPath;
import java.util.Locale;

/** Paths as git writes them into a patch: relative to a directory, and quoted as in C where a name has bytes that need it. */
final class PatchPath {
    private final RawPath root;

    /** @param root the directory that paths are relative to; empty for that of the image */
    PatchPath(RawPath root) {
        this.root = root;
    }

    /** A path with a prefix such as {@code a/}, quoted as a whole if need be. */
    String of(String prefix, RawPath path) {
        String name = path.raw();
        return quoted(prefix + (root.isEmpty() ? name : name.substring(root.length() + 1)));
    }

    /** The raw bytes of the result are ASCII. */
    private static String quoted(String raw) {
        StringBuilder text = new StringBuilder(raw.length() + 2);
        boolean needed = false;
        for (int i = 0; i < raw.length(); i++) {
            char one = raw.charAt(i);
            String escaped = escape(one);
            needed |= escaped.length() > 1;
            text.append(escaped);
        }
        return needed ? "\"" + text + "\"" : raw;
    }

    private static String escape(char one) {
        return switch (one) {
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case '\n' -> "\\n";
            case '\t' -> "\\t";
            case '\r' -> "\\r";
            case '\b' -> "\\b";
            case '\f' -> "\\f";
            case 0x07 -> "\\a";
            case 0x0b -> "\\v";
            default ->
                one < 0x20 || one >= 0x7f ? String.format(Locale.ROOT, "\\%03o", (int) one) : String.valueOf(one);
        };
    }
}
