package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class CompatibilityTableTest {
    private static final Pattern NAMED = Pattern.compile("`(\\w+(?:Test|IT))\\.(\\w+)`");

    private static CompatibilityTable empty() {
        return CompatibilityTable.parse(List.of());
    }

    @Test
    void whatIsRenderedIsParsed() {
        CompatibilityTable table =
                empty().with("0.2", Map.of("run", "works", "grep", "works")).with("0.1", Map.of("run", "fails"));

        assertThat(table.render()).isEqualTo("""
                        | | 0.1 | 0.2 |
                        |---|---|---|
                        | grep | – | works |
                        | run | fails | works |
                        """);
        assertThat(CompatibilityTable.parse(table.render().lines().toList())).isEqualTo(table);
    }

    @Test
    void aColumnThatIsFoundAgainIsReplaced() {
        CompatibilityTable table = empty().with("1", Map.of("gone", "works")).with("1", Map.of("new", "works"));

        assertThat(table.column("1")).isEqualTo(Map.of("new", "works"));
        assertThat(table.column("2")).isEmpty();
    }

    @Test
    void whatWasSkippedSaysSoInEveryRow() {
        assertThat(empty().with("1", Map.of("a", "works", "b", "works"))
                        .withAll("2", "skipped")
                        .column("2"))
                .isEqualTo(Map.of("a", "skipped", "b", "skipped"));
    }

    /** So that the page names no test that is not there. */
    @TestFactory
    Stream<DynamicTest> everyTestThatThePageNamesIsThere() throws IOException {
        return NAMED.matcher(Files.readString(CompatibilityPage.FILE))
                .results()
                .map(named -> DynamicTest.dynamicTest(
                        named.group(1) + "." + named.group(2),
                        () -> assertThat(source(named.group(1))).containsPattern("\\b" + named.group(2) + "\\(")));
    }

    private static String source(String type) throws IOException {
        for (String module : List.of("conformance", "server")) {
            Path tests = Path.of("..", module, "src/test/java");
            try (Stream<Path> files = Files.walk(tests)) {
                List<Path> found =
                        files.filter(file -> file.endsWith(type + ".java")).toList();
                if (!found.isEmpty()) {
                    return Files.readString(found.getFirst());
                }
            }
        }
        throw new AssertionError("there is no test class " + type);
    }
}
