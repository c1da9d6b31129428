package io.contree.store.grep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.contree.linux.RawPath;
import io.contree.testkit.SeededRandom;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The same searches by ripgrep and by us over random files give the same lines, offsets and submatches. */
@Tag("slow")
class RipgrepComparisonTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> WORDS = List.of(
            "a", "b", "ab", "Hello", "wörld", "é", "α", "1", "42", " ", "\t", "_", "-", ".", "\n", "\n", "\r\n", "K",
            "ſ", "x=y");
    private static final List<String> PATTERNS = List.of(
            "a",
            "ab+",
            "(?i)hello",
            "h.llo",
            "^b",
            "b$",
            "\\d+",
            "\\w+",
            "\\s",
            "[^a-z]",
            "wör",
            "é|α",
            "a|ab",
            "ab|a",
            "x=y",
            "(a|b)+1",
            "[[:digit:]]{2}",
            "\\p{Greek}",
            "^$",
            "(?P<n>a)b",
            "\\W\\w",
            "b*a",
            "[a-c][^\\s]",
            "K|ſ",
            "\\.",
            "^\\S+$",
            "a{2,3}",
            "(?:a|é)x?",
            "\\D\\d");
    private static final List<String> GLOBS =
            List.of("*.c", "!*.c", "d/**", "!d/", "**/e/*", "*.{c,h}", "/d/*.h", "[fg]*");

    @TempDir
    Path root;

    @Test
    void findsWhatRipgrepFinds() {
        assumeTrue(hasRipgrep(), "rg, the program of ripgrep, is not installed");
        SeededRandom.forAll(1, random -> {
            plantFiles(random);
            for (int i = 0; i < 300; i++) {
                GrepQuery query = randomQuery(random);
                List<String> ours = ours(query);
                List<String> theirs = theirs(query);
                assertThat(without(ours, theirs)).as("only ours: " + query).isEmpty();
                assertThat(without(theirs, ours)).as("only theirs: " + query).isEmpty();
            }
        });
    }

    private static List<String> without(List<String> lines, List<String> others) {
        List<String> rest = new ArrayList<>(lines);
        rest.removeAll(new HashSet<>(others));
        return rest;
    }

    private static boolean hasRipgrep() {
        for (String directory : System.getenv().getOrDefault("PATH", "").split(":")) {
            if (Files.isExecutable(Path.of(directory, "rg"))) {
                return true;
            }
        }
        return false;
    }

    private void plantFiles(SeededRandom random) throws IOException {
        List<String> directories = List.of("", "d/", "d/e/", ".h/", "c.c/");
        for (int i = 0; i < 200; i++) {
            String name = random.pick(directories)
                    + random.pick(List.of("f", "g", ".k", "é"))
                    + i
                    + random.pick(List.of(".c", ".h", "", ".txt"));
            Path file = root.resolve(name);
            Files.createDirectories(file.getParent());
            StringBuilder text = new StringBuilder();
            for (int words = random.between(0, 59); words > 0; words--) {
                text.append(random.pick(WORDS));
            }
            byte[] bytes = text.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
            if (bytes.length > 0 && random.chance(5)) {
                // Of a file with a NUL further on, ripgrep shows the lines in front of it.
                bytes[0] = 0;
            }
            Files.write(file, bytes);
        }
    }

    /**
     * Behind a match, ripgrep 13 takes the rest of a line for a line: no anchors among alternatives. It joins patterns by |, so
     * that a flag of the first rules the second, and a group cannot be in both.
     */
    private static GrepQuery randomQuery(SeededRandom random) {
        List<String> patterns = new ArrayList<>(List.of(random.pick(PATTERNS)));
        String second = random.pick(PATTERNS);
        if (random.chance(33)
                && !patterns.contains(second)
                && !patterns.getFirst().startsWith("^")
                && !patterns.getFirst().startsWith("(?i)")
                && !second.startsWith("^")) {
            patterns.add(second);
        }
        List<String> globs = new ArrayList<>();
        for (int i = random.between(0, 2); i > 0; i--) {
            globs.add(random.pick(GLOBS));
        }
        return new GrepQuery(
                patterns,
                List.of(new RawPath(random.pick(List.of("/", "/d")))),
                globs,
                10_000,
                10_000,
                random.pick(List.of(GrepQuery.Case.values())),
                random.between(0, 2),
                random.between(0, 2));
    }

    private List<String> ours(GrepQuery query) throws IOException {
        return ImageGrep.search(new DirectoryView(root), query, Duration.ofMinutes(1)).lines().stream()
                .map(line -> shown(
                        line.path().toString(),
                        line.number(),
                        line.offset(),
                        RawPath.toText(line.text()),
                        line.submatches().stream()
                                .filter(part -> part.end() > part.start())
                                .map(part -> part.start() + "-" + part.end())
                                .toList()))
                .sorted()
                .toList();
    }

    private static String shown(String path, long number, long offset, String text, List<String> submatches) {
        return path + ":" + String.format("%05d", number) + "@" + offset + " " + submatches + " " + text;
    }

    private List<String> theirs(GrepQuery query) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("rg", "--no-config", "--json", "--hidden", "--no-ignore"));
        command.add(
                switch (query.letterCase()) {
                    case SENSITIVE -> "--case-sensitive";
                    case INSENSITIVE -> "--ignore-case";
                    case SMART -> "--smart-case";
                });
        command.addAll(List.of("-B" + query.before(), "-A" + query.after()));
        query.globs().forEach(glob -> command.add("--glob=" + glob));
        query.patterns().forEach(pattern -> command.add("--regexp=" + pattern));
        command.add("." + query.paths().getFirst());
        Process process = new ProcessBuilder(command)
                .directory(root.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<String> lines = new ArrayList<>();
        for (String line : process.inputReader().lines().toList()) {
            JsonNode node = JSON.readTree(line);
            String type = node.get("type").asString();
            if (type.equals("match") || type.equals("context")) {
                lines.add(line(node.get("data")));
            }
        }
        process.waitFor();
        return lines.stream().sorted().toList();
    }

    private static String line(JsonNode data) {
        return shown(
                text(data.get("path")).substring(1),
                data.get("line_number").asLong(),
                data.get("absolute_offset").asLong(),
                text(data.get("lines")),
                data.get("submatches")
                        .valueStream()
                        .filter(part ->
                                part.get("end").asLong() > part.get("start").asLong())
                        .map(part -> part.get("start").asLong() + "-"
                                + part.get("end").asLong())
                        .toList());
    }

    private static String text(JsonNode either) {
        return either.has("text")
                ? either.get("text").asString()
                : new String(
                        Base64.getDecoder().decode(either.get("bytes").asString()),
                        java.nio.charset.StandardCharsets.UTF_8);
    }
}
