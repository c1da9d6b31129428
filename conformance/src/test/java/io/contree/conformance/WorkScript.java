package io.contree.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Work in steps, each a shell script: a resource whose steps begin with {@code --- title}. Before the first are settings: "Needs:"
 * and Debian packages, "Unlike:" and an expression for paths whose bytes differ from machine to machine, "First:" and a command
 * that each step begins with, "Only output" if the files are not compared.
 */
record WorkScript(String name, List<String> packages, Predicate<String> unlike, boolean filesCount, List<Step> steps) {
    /** The same on all machines, whatever they set by themselves. */
    private static final String PREAMBLE = """
        umask 022
        export HOME=/root LANG=C.UTF-8 LC_ALL=C.UTF-8 TZ=UTC TERM=dumb PYTHONDONTWRITEBYTECODE=1
        export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
        export GIT_AUTHOR_DATE=2026-01-02T03:04:05Z GIT_COMMITTER_DATE=2026-01-02T03:04:05Z
        unset OLDPWD
        """;

    private static final String CHANGES_NOTHING = "(changes nothing)";

    record Step(String title, String script) {
        /** Whether the state is the same afterwards. */
        boolean changesNothing() {
            return title.endsWith(CHANGES_NOTHING);
        }
    }

    static WorkScript read(String name) throws IOException {
        String text;
        try (InputStream in = WorkScript.class.getResourceAsStream("work/" + name + ".sh")) {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        String[] parts = text.split("(?m)^--- ");
        Predicate<String> unlike = setting(parts[0], "Unlike: (.*)")
                .map(expression -> Pattern.compile(expression).asPredicate())
                .orElse(path -> false);
        String first = setting(parts[0], "First: (.*)").orElse("");
        List<Step> steps = new ArrayList<>();
        for (String part : List.of(parts).subList(1, parts.length)) {
            int end = part.indexOf('\n');
            steps.add(new Step(part.substring(0, end).strip(), PREAMBLE + first + "\n" + part.substring(end)));
        }
        return new WorkScript(
                name,
                List.of(setting(parts[0], "Needs: (.*)").orElseThrow().split(" ")),
                unlike,
                setting(parts[0], "(Only output)").isEmpty(),
                steps);
    }

    private static Optional<String> setting(String header, String expression) {
        Matcher matcher = Pattern.compile(expression).matcher(header);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    @Override
    public String toString() {
        return name;
    }
}
