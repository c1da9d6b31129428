package io.contree.store.grep;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/**
 * One glob, as {@code rg -g} reads it: without a slash inside it is for names at any depth, else for whole paths from the
 * image's root; {@code **} crosses directories; a leading {@code !} excludes; a trailing slash means directories only.
 */
final class Glob {
    private final String given;
    private final String source;
    private final StringBuilder out = new StringBuilder();
    private int position;
    private int depth;

    private final boolean excludes;
    private final boolean directoriesOnly;
    private final Pattern pattern;

    Glob(String given) {
        this.given = given;
        String rest = given;
        excludes = rest.startsWith("!");
        rest = excludes ? rest.substring(1) : rest;
        directoriesOnly = rest.endsWith("/");
        rest = directoriesOnly ? rest.substring(0, rest.length() - 1) : rest;
        boolean anchored = rest.contains("/");
        rest = rest.startsWith("/") ? rest.substring(1) : rest;
        source = anchored ? rest : "**/" + rest;
        pattern = compile();
    }

    boolean excludes() {
        return excludes;
    }

    /** Whether it matches a path without a leading slash. */
    boolean fits(String path, boolean directory) {
        return (directory || !directoriesOnly) && pattern.matches(path);
    }

    private Pattern compile() {
        try {
            while (position < source.length()) {
                item();
            }
            if (depth > 0) {
                throw GrepQuery.invalid("the glob '" + given + "' has a '{' without its '}'");
            }
            return Pattern.compile(out.toString(), Pattern.DOTALL);
        } catch (PatternSyntaxException e) {
            throw GrepQuery.invalid("the glob '" + given + "' cannot be used: " + e.getDescription());
        }
    }

    private void item() {
        char c = source.charAt(position);
        switch (c) {
            case '*' -> stars();
            case '?' -> put("[^/]");
            case '[' -> characterClass();
            case '{' -> {
                depth++;
                put("(?:");
            }
            case '}' -> {
                put(depth > 0 ? ")" : "\\}");
                depth -= depth > 0 ? 1 : 0;
            }
            case ',' -> put(depth > 0 ? "|" : ",");
            case '\\' -> {
                if (position + 1 >= source.length()) {
                    throw GrepQuery.invalid("the glob '" + given + "' ends in a backslash");
                }
                position++;
                put(Pattern.quote(source.substring(position, position + 1)));
            }
            case '/' -> {
                if (source.startsWith("/**/", position)) {
                    out.append("(?:/|/.*/)");
                    position += 4;
                } else if (source.substring(position).equals("/**")) {
                    out.append("/.+");
                    position += 3;
                } else {
                    put("/");
                }
            }
            default -> put(c < 0x80 ? Pattern.quote(String.valueOf(c)) : String.valueOf(c));
        }
    }

    private void put(String regex) {
        out.append(regex);
        position++;
    }

    private void stars() {
        boolean atStart = position == 0;
        int start = position;
        while (position < source.length() && source.charAt(position) == '*') {
            position++;
        }
        boolean two = position - start == 2;
        if (two && atStart && source.startsWith("/", position)) {
            position++;
            out.append("(?:.*/)?");
        } else if (two && atStart && position == source.length()) {
            out.append(".*");
        } else {
            out.append("[^/]*");
        }
    }

    private void characterClass() {
        int at = position + 1;
        boolean negated = source.startsWith("!", at) || source.startsWith("^", at);
        at += negated ? 1 : 0;
        int end = source.indexOf(']', at + 1);
        if (end < 0) {
            throw GrepQuery.invalid("the glob '" + given + "' has a '[' without its ']'");
        }
        out.append(negated ? "[^/" : "[");
        for (int i = at; i < end; i++) {
            char c = source.charAt(i);
            boolean range = c == '-' && i > at && i < end - 1;
            out.append(c < 0x80 && !Character.isLetterOrDigit(c) && !range ? "\\" : "")
                    .append(c);
        }
        out.append(']');
        position = end + 1;
    }
}
