package io.contree.conformance.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A piece of Java with a name, on a page or in a test.
 *
 * @param source where it stands
 * @param name empty for a block of a page that has none
 */
record Snippet(Path source, String name, String code) {
    private static final Pattern REGION =
            Pattern.compile("^ *// docs: (\\S+)\\R(.*?)^ *// end$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern BLOCK =
            Pattern.compile("^ *```java *(\\S*)\\R(.*?)^ *```$", Pattern.MULTILINE | Pattern.DOTALL);
    /** A literal, a comment to the end of its line, or space. */
    private static final Pattern TOKEN =
            Pattern.compile("\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\])*\"|//[^\\n]*|\\s+", Pattern.DOTALL);

    /** The regions of the sources below a directory. */
    static List<Snippet> regions(Path directory) throws IOException {
        return read(directory, ".java", REGION);
    }

    /** The Java blocks of the pages below a directory, or of one page. */
    static List<Snippet> blocks(Path pages) throws IOException {
        return read(pages, ".md", BLOCK);
    }

    private static List<Snippet> read(Path root, String ending, Pattern pattern) throws IOException {
        List<Snippet> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(path -> path.toString().endsWith(ending))
                    .sorted()
                    .toList()) {
                Matcher matcher = pattern.matcher(Files.readString(file));
                matcher.results().map(match -> of(file, match)).forEach(found::add);
            }
        }
        return found;
    }

    private static Snippet of(Path file, MatchResult match) {
        return new Snippet(file, match.group(1), match.group(2).stripIndent());
    }

    /** The code without the space that a formatter may choose: outside literals and comments there is none. */
    String normalised() {
        return TOKEN.matcher(code).replaceAll(match -> {
            String token = match.group();
            String kept = token.startsWith("//") ? token.replaceAll("\\s+", " ").strip() : token;
            return token.isBlank() ? "" : Matcher.quoteReplacement(kept);
        });
    }

    @Override
    public String toString() {
        return name + " in " + source + ":\n" + code;
    }
}
