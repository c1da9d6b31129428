package io.contree.store.grep;

import io.contree.store.StoreException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Translates a pattern of Rust's regex crate for RE2/J. Groups capture nothing: nobody asks what they matched. */
final class RustRegex {
    /** Instructions of a compiled pattern, roughly; each of them may run once per character of text. */
    private static final long MAX_SIZE = 10_000;

    /**
     * A pattern for RE2/J.
     *
     * @param literal a text that every match contains, if one is known
     */
    record Translated(String pattern, Optional<String> literal, boolean hasLetters, boolean hasCapitals, long size) {}

    private final String source;
    private final StringBuilder out = new StringBuilder();
    private final RequiredLiteral required = new RequiredLiteral();
    private final Deque<Long> outerSizes = new ArrayDeque<>();
    private int position;
    private long size;
    private long lastSize;
    private boolean hasLetters;
    private boolean hasCapitals;

    private RustRegex(String source) {
        this.source = source;
    }

    /**
     * Translates one pattern.
     *
     * @throws StoreException INVALID for what RE2/J cannot express
     */
    static Translated translate(String pattern) {
        return new RustRegex(pattern).translate();
    }

    private Translated translate() {
        while (position < source.length()) {
            item();
            if (size > MAX_SIZE) {
                throw fails("its repetitions make it too large");
            }
        }
        return new Translated(out.toString(), required.get(), hasLetters, hasCapitals, size);
    }

    private void item() {
        int c = source.codePointAt(position);
        switch (c) {
            case '\\' -> escape();
            case '[' -> characterClass();
            case '(' -> open();
            case ')' -> close();
            case '*', '?' -> quantifier(c, true);
            case '+' -> quantifier(c, false);
            case '{' -> repetition();
            case '|' -> {
                if (outerSizes.isEmpty()) {
                    required.none();
                }
                verbatim(c);
            }
            case '^', '$', '.' -> verbatim(c);
            case '\n' -> throw fails("it has a line break, and lines are matched one by one");
            default -> {
                position += Character.charCount(c);
                literal(c);
            }
        }
    }

    private void verbatim(int c) {
        position++;
        out.appendCodePoint(c);
        required.other();
        sized(1);
    }

    private void sized(long more) {
        lastSize = more;
        size += more;
    }

    private void literal(int codePoint) {
        write(codePoint);
        if (outerSizes.isEmpty()) {
            required.literal(codePoint);
        }
        sized(1);
    }

    private void write(int codePoint) {
        hasLetters = true;
        hasCapitals |= Character.isUpperCase(codePoint);
        if (codePoint >= 0x80 || Character.isLetterOrDigit(codePoint)) {
            out.appendCodePoint(codePoint);
        } else if (codePoint <= ' ' || codePoint == 0x7F) {
            out.append("\\x{").append(Integer.toHexString(codePoint)).append('}');
        } else {
            out.append('\\').appendCodePoint(codePoint);
        }
    }

    private void quantifier(int c, boolean optional) {
        position++;
        out.appendCodePoint(c);
        if (optional) {
            required.optional();
        } else {
            required.other();
        }
    }

    private void repetition() {
        int end = source.indexOf('}', position);
        String range = end < 0 ? "" : source.substring(position + 1, end).replace(" ", "");
        if (!range.matches("[0-9]{1,6}(,[0-9]{0,6})?")) {
            throw fails("'{' starts a repetition such as {2}, {2,} or {2,5}; for the character write \\{");
        }
        String[] bounds = range.split(",");
        long times = Math.max(1, Long.parseLong(bounds[bounds.length - 1]));
        size += lastSize * (times - 1);
        lastSize *= times;
        out.append('{').append(range).append('}');
        position = end + 1;
        required.optional();
    }

    private void open() {
        required.other();
        position++;
        if (!at("?")) {
            enter("(?:");
        } else if (at("?P<") || (at("?<") && !at("?<=") && !at("?<!"))) {
            named();
        } else {
            flags();
        }
    }

    private boolean at(String text) {
        return source.startsWith(text, position);
    }

    private void enter(String opening) {
        out.append(opening);
        outerSizes.push(size);
        size = 0;
    }

    private void close() {
        position++;
        out.append(')');
        required.other();
        lastSize = size;
        size += outerSizes.isEmpty() ? 0 : outerSizes.pop();
    }

    private void named() {
        int start = source.indexOf('<', position) + 1;
        int end = source.indexOf('>', start);
        if (end < 0 || !source.substring(start, end).matches("[\\p{L}_][\\p{L}\\p{N}_.\\[\\]]*")) {
            throw fails("the name of a group is not valid");
        }
        position = end + 1;
        enter("(?:");
    }

    private void flags() {
        int end = position + 1;
        while (end < source.length() && "imsUuxR-".indexOf(source.charAt(end)) >= 0) {
            end++;
        }
        String flags = source.substring(position + 1, end);
        boolean group = source.startsWith(":", end);
        if (!group && !source.startsWith(")", end)) {
            throw fails("'(?' does not start a group: look-around and the like have no linear-time form");
        }
        if (flags.matches(".*[xR].*|.*-.*u.*")) {
            throw fails("the flags x, R and -u are not supported");
        }
        if (flags.contains("i")) {
            required.none();
        }
        String kept = flags.replace("u", "");
        position = end + 1;
        if (group) {
            enter("(?" + kept + ":");
        } else {
            out.append(kept.isEmpty() ? "(?:)" : "(?" + kept + ")");
        }
    }

    private void escape() {
        char c = escaped();
        switch (c) {
            case 'd', 'w', 's' -> set("[" + CharacterSets.members(c) + "]");
            case 'D', 'W', 'S' -> set("[^" + CharacterSets.members(Character.toLowerCase(c)) + "]");
            case 'p', 'P' -> set(property(c));
            case 'b', 'B' -> {
                if (at("{")) {
                    throw fails("\\b{...} is not supported");
                }
                set("\\" + c);
            }
            case 'A', 'z' -> set("\\" + c);
            case 'n' -> throw fails("\\n matches nothing, since lines are matched one by one");
            default -> literal(character(c));
        }
    }

    private void set(String form) {
        out.append(form);
        required.other();
        sized(1);
    }

    /** The character after a backslash. */
    private char escaped() {
        if (position + 1 >= source.length()) {
            throw fails("it ends in a backslash");
        }
        position += 2;
        return source.charAt(position - 1);
    }

    /** The character that an escape of one character stands for. */
    private int character(char c) {
        return switch (c) {
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'n' -> '\n';
            case 'f' -> '\f';
            case 'v' -> 0x0B;
            case 'a' -> 0x07;
            case 'x' -> hexadecimal(2);
            case 'u' -> hexadecimal(4);
            case 'U' -> hexadecimal(8);
            default -> {
                if (c >= '0' && c <= '9') {
                    throw fails("back-references have no linear-time form");
                }
                if (c >= 0x80 || c == '<' || c == '>' || Character.isLetter(c)) {
                    throw fails("\\" + c + " is not a known escape");
                }
                yield c;
            }
        };
    }

    private int hexadecimal(int digits) {
        boolean braced = at("{");
        int start = braced ? position + 1 : position;
        int end = braced ? source.indexOf('}', start) : start + digits;
        if (end < 0 || end > source.length() || !source.substring(start, end).matches("[0-9A-Fa-f]{1,8}")) {
            throw fails("a hexadecimal escape lacks digits");
        }
        long value = Long.parseLong(source, start, end, 16);
        if (value > Character.MAX_CODE_POINT || (value >= 0xD800 && value < 0xE000)) {
            throw fails("a hexadecimal escape is not a character");
        }
        position = braced ? end + 1 : end;
        return (int) value;
    }

    private String property(char p) {
        int end = at("{") ? source.indexOf('}', position) : position;
        if (end < 0 || position >= source.length()) {
            throw fails("\\" + p + " lacks the name of a property");
        }
        String name = at("{") ? source.substring(position + 1, end) : source.substring(position, position + 1);
        position = end + 1;
        boolean negated = name.startsWith("^");
        String known = CharacterSets.property(negated ? name.substring(1) : name);
        return "\\" + (negated == (p == 'P') ? 'p' : 'P') + "{" + known + "}";
    }

    private void characterClass() {
        position++;
        out.append('[');
        if (at("^")) {
            position++;
            out.append('^');
        }
        for (boolean first = true; first || !at("]"); first = false) {
            if (position >= source.length()) {
                throw fails("a character class lacks its ']'");
            }
            member();
        }
        position++;
        out.append(']');
        required.other();
        sized(1);
    }

    private void member() {
        if (at("&&") || at("--") || at("~~")) {
            throw fails("set operations in a character class are not supported");
        }
        int c = source.codePointAt(position);
        if (c == '[') {
            posixClass();
        } else if (c == '\\') {
            escapedMember();
        } else {
            position += Character.charCount(c);
            if (c == '-') {
                out.append('-');
            } else {
                write(c);
            }
        }
    }

    private void posixClass() {
        int end = source.indexOf(":]", position);
        String name = end < 0 ? "" : source.substring(position, end + 2);
        if (!name.matches("\\[:\\^?[a-z]+:]")) {
            throw fails("a class in a class is not supported; for the character write \\[");
        }
        out.append(name);
        position = end + 2;
    }

    private void escapedMember() {
        char c = escaped();
        switch (c) {
            case 'd', 'D', 'w', 'W', 's', 'S' -> out.append(CharacterSets.members(c));
            case 'p', 'P' -> out.append(property(c));
            default -> write(character(c));
        }
    }

    private StoreException fails(String reason) {
        return GrepQuery.invalid("the pattern '" + source + "' cannot be used: " + reason);
    }
}
