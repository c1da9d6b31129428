package io.contree.store.grep;

import io.contree.linux.RawPath;
import io.contree.store.StoreException;
import java.util.List;

/**
 * What to look for, and where.
 *
 * @param patterns a line matches if any of these does
 * @param paths files and directories, searched one after the other
 * @param globs which files, as {@code rg -g} takes them, relative to the image's root; the last that matches decides
 * @param maxCount matching lines per file
 * @param maxTotal matching lines overall
 * @param before lines of context before a match
 * @param after lines of context after a match
 */
public record GrepQuery(
        List<String> patterns,
        List<RawPath> paths,
        List<String> globs,
        int maxCount,
        int maxTotal,
        Case letterCase,
        int before,
        int after) {
    public static final int MAX_PATTERNS = 16;
    public static final int MAX_PATTERN_LENGTH = 1024;
    public static final int MAX_PATHS = 16;
    public static final int MAX_GLOBS = 64;
    public static final int MAX_LINES = 10_000;
    public static final int MAX_CONTEXT = 50;

    /** Whether the case of letters counts; {@code SMART}: only if a pattern has a capital letter. */
    public enum Case {
        SENSITIVE,
        INSENSITIVE,
        SMART
    }

    public GrepQuery {
        patterns = List.copyOf(patterns);
        paths = List.copyOf(paths);
        globs = List.copyOf(globs);
        requireMany("pattern", patterns, 1, MAX_PATTERNS);
        requireMany("path", paths, 1, MAX_PATHS);
        requireMany("glob", globs, 0, MAX_GLOBS);
        requireLength("pattern", patterns);
        requireLength("glob", globs);
        requireRange("max_count", maxCount, 1, MAX_LINES);
        requireRange("max_total", maxTotal, 1, MAX_LINES);
        requireRange("before", before, 0, MAX_CONTEXT);
        requireRange("after", after, 0, MAX_CONTEXT);
    }

    private static void requireMany(String name, List<?> values, int least, int most) {
        if (values.size() < least) {
            throw invalid("parameter '" + name + "' is missing; give at least " + least);
        }
        if (values.size() > most) {
            throw invalid(
                    "parameter '" + name + "' is given " + values.size() + " times; at most " + most + " are allowed");
        }
    }

    private static void requireLength(String name, List<String> values) {
        for (String value : values) {
            int length = value.codePointCount(0, value.length());
            if (length > MAX_PATTERN_LENGTH) {
                throw invalid(
                        "a " + name + " has " + length + " characters; at most " + MAX_PATTERN_LENGTH + " are allowed");
            }
        }
    }

    private static void requireRange(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw invalid("parameter '" + name + "' is " + value + "; allowed is a whole number from " + least + " to "
                    + most);
        }
    }

    static StoreException invalid(String message) {
        return new StoreException(StoreException.Kind.INVALID, message);
    }
}
