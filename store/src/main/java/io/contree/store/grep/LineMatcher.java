package io.contree.store.grep;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.contree.linux.RawPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The patterns of a search as one. Safe for several threads. */
final class LineMatcher {
    private static final long MAX_SIZE = 20_000;

    private final Pattern pattern;
    private final List<String> literals;

    private LineMatcher(Pattern pattern, List<String> literals) {
        this.pattern = pattern;
        this.literals = literals;
    }

    static LineMatcher of(GrepQuery query) {
        List<RustRegex.Translated> parts =
                query.patterns().stream().map(RustRegex::translate).toList();
        if (parts.stream().mapToLong(RustRegex.Translated::size).sum() > MAX_SIZE) {
            throw GrepQuery.invalid("the patterns are too large together; make their repetitions smaller");
        }
        boolean insensitive = insensitive(query.letterCase(), parts);
        List<String> alternatives = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            compile(parts.get(i).pattern(), query.patterns().get(i), insensitive);
            alternatives.add("(?:" + parts.get(i).pattern() + ")");
        }
        Pattern all = compile(String.join("|", alternatives), String.join("|", query.patterns()), insensitive);
        return new LineMatcher(all, insensitive ? List.of() : literals(parts));
    }

    private static boolean insensitive(GrepQuery.Case letterCase, List<RustRegex.Translated> parts) {
        return switch (letterCase) {
            case SENSITIVE -> false;
            case INSENSITIVE -> true;
            case SMART ->
                parts.stream().anyMatch(RustRegex.Translated::hasLetters)
                        && parts.stream().noneMatch(RustRegex.Translated::hasCapitals);
        };
    }

    private static Pattern compile(String pattern, String source, boolean insensitive) {
        try {
            return Pattern.compile(pattern, insensitive ? Pattern.CASE_INSENSITIVE : 0);
        } catch (PatternSyntaxException e) {
            throw GrepQuery.invalid("the pattern '" + source + "' cannot be used: " + e.getDescription());
        }
    }

    /** One text per pattern: a line that matches contains at least one. Empty if some pattern has none. */
    private static List<String> literals(List<RustRegex.Translated> parts) {
        List<String> known = parts.stream()
                .map(RustRegex.Translated::literal)
                .flatMap(Optional::stream)
                .map(literal -> RawPath.of(literal).raw())
                .toList();
        return known.size() == parts.size() ? known : List.of();
    }

    Candidates candidates(String block) {
        return new Candidates(block, literals);
    }

    /** The matches of a line, or of a part of one, that start at a character or after it. */
    Matches matches(LineText text, int from) {
        return new Matches(pattern.matcher(text), text, from);
    }

    /** Goes through matches that do not overlap, from left to right. */
    static final class Matches {
        private final Matcher matcher;
        private final LineText text;
        private int from;

        private Matches(Matcher matcher, LineText text, int from) {
            this.matcher = matcher;
            this.text = text;
            this.from = from;
        }

        boolean next() {
            if (from > text.length() || !matcher.find(from)) {
                return false;
            }
            from = matcher.end() > matcher.start() ? matcher.end() : matcher.end() + 1;
            return true;
        }

        int start() {
            return text.offset(matcher.start());
        }

        int end() {
            return text.offset(matcher.end());
        }
    }

    /** Where in a block a line can match at all, so that most lines are never looked at. */
    static final class Candidates {
        private final String block;
        private final List<String> literals;
        private final int[] next;

        private Candidates(String block, List<String> literals) {
            this.block = block;
            this.literals = literals;
            this.next = new int[literals.size()];
            java.util.Arrays.fill(next, -1);
        }

        /** Whether a line from here to there can match; to be asked in ascending order. */
        boolean within(int start, int end) {
            boolean possible = literals.isEmpty();
            for (int i = 0; i < next.length; i++) {
                if (next[i] < start) {
                    int at = block.indexOf(literals.get(i), start);
                    next[i] = at < 0 ? Integer.MAX_VALUE : at;
                }
                possible |= next[i] < end;
            }
            return possible;
        }
    }
}
