package io.contree.sdk.internal.nio;

import java.nio.file.PathMatcher;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Patterns of {@link java.nio.file.FileSystem#getPathMatcher}, globs turned into regular expressions. */
public final class Globs {
    private static final String META = ".^$+{[]|()\\*?}";

    private final String glob;
    private final StringBuilder regex = new StringBuilder();
    private int at;
    private boolean inGroup;

    private Globs(String glob) {
        this.glob = glob;
    }

    /**
     * A matcher for {@code glob:…} or {@code regex:…}.
     *
     * @throws IllegalArgumentException without a syntax
     * @throws PatternSyntaxException for a malformed pattern
     * @throws UnsupportedOperationException for another syntax
     */
    public static PathMatcher matcher(String syntaxAndPattern) {
        int colon = syntaxAndPattern.indexOf(':');
        if (colon <= 0) {
            throw new IllegalArgumentException("'" + syntaxAndPattern + "' names no syntax; write glob:… or regex:…");
        }
        String text = syntaxAndPattern.substring(colon + 1);
        Pattern pattern = switch (syntaxAndPattern.substring(0, colon).toLowerCase(Locale.ROOT)) {
            case "glob" -> Pattern.compile(new Globs(text).toRegex(), Pattern.DOTALL);
            case "regex" -> Pattern.compile(text);
            default ->
                throw new UnsupportedOperationException(
                        "the syntaxes of patterns are glob and regex; '" + syntaxAndPattern + "' is in neither");
        };
        return path -> pattern.matcher(path.toString()).matches();
    }

    private String toRegex() {
        while (at < glob.length()) {
            char c = glob.charAt(at);
            at++;
            switch (c) {
                case '\\' -> literal(escaped());
                case '[' -> bracket();
                case '{' -> openGroup();
                case '}' -> regex.append(closesGroup() ? "))" : "\\}");
                case ',' -> regex.append(inGroup ? ")|(?:" : ",");
                case '*' -> star();
                case '?' -> regex.append("[^/]");
                default -> literal(c);
            }
        }
        if (inGroup) {
            throw wrong("'{' without '}'");
        }
        return regex.toString();
    }

    private void literal(char c) {
        if (META.indexOf(c) >= 0) {
            regex.append('\\');
        }
        regex.append(c);
    }

    private char escaped() {
        if (at == glob.length()) {
            throw wrong("'\\' escapes nothing");
        }
        return glob.charAt(at++);
    }

    private void star() {
        if (at < glob.length() && glob.charAt(at) == '*') {
            at++;
            regex.append(".*");
        } else {
            regex.append("[^/]*");
        }
    }

    private void openGroup() {
        if (inGroup) {
            throw wrong("groups cannot be nested");
        }
        inGroup = true;
        regex.append("(?:(?:");
    }

    private boolean closesGroup() {
        boolean closes = inGroup;
        inGroup = false;
        return closes;
    }

    /** A bracket expression, in which nothing but {@code !} in front, {@code -} between two and {@code ]} is special. */
    private void bracket() {
        regex.append("[[^/]&&[");
        if (at < glob.length() && glob.charAt(at) == '!') {
            at++;
            regex.append('^');
        }
        if (at < glob.length() && glob.charAt(at) == '-') {
            at++;
            regex.append("\\-");
        }
        int start = at;
        while (at < glob.length() && glob.charAt(at) != ']') {
            bracketChar(start);
        }
        if (at == glob.length()) {
            throw wrong("'[' without ']'");
        }
        at++;
        regex.append("]]");
    }

    private void bracketChar(int start) {
        char c = glob.charAt(at);
        if (c == '/') {
            throw wrong("'/' in a bracket expression");
        }
        at++;
        boolean range = c == '-' && at > start + 1 && at < glob.length() && glob.charAt(at) != ']';
        if (!range) {
            regex.append(Character.isLetterOrDigit(c) ? "" : "\\").append(c);
            return;
        }
        if (glob.charAt(at) < glob.charAt(at - 2)) {
            throw wrong("a range that goes backwards");
        }
        regex.append('-');
        // The end of a range cannot begin another.
        char end = glob.charAt(at);
        at++;
        regex.append(Character.isLetterOrDigit(end) ? "" : "\\").append(end);
    }

    private PatternSyntaxException wrong(String what) {
        return new PatternSyntaxException(what, glob, at - 1);
    }
}
