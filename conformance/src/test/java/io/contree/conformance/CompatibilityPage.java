package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DynamicTest;

/**
 * The tables of docs/compatibility.md. Each stands between a line {@code <!-- generated: CLIENT -->} and the next
 * {@code <!-- end -->}. The suites fail if a column differs from what they found; with the system property
 * {@code compatibility.write} they write it instead.
 */
final class CompatibilityPage {
    static final Path FILE = Path.of("../docs/compatibility.md");

    private static final boolean WRITE = System.getProperty("compatibility.write") != null;

    private CompatibilityPage() {}

    /** A client in one of its versions, and of the ways to use it, such as {@code sync}; or empty. */
    record Client(String name, String version, String way) {
        Client(String name, String version) {
            this(name, version, "");
        }

        String column() {
            return (version + " " + way).strip();
        }

        @Override
        public String toString() {
            return name + " " + column();
        }
    }

    /** The test that the page says of this client what was found; run with the property set, it makes it so. */
    static DynamicTest says(Client client, Map<String, String> outcomes) {
        return dynamicTest(client + " is on the page as it was found", () -> {
            if (WRITE) {
                change(client.name(), table -> table.with(client.column(), outcomes));
            }
            assertThat(table(client.name()).column(client.column()))
                    .as(FILE + " does not say what " + client + " does; run its suite with -Dcompatibility.write")
                    .isEqualTo(outcomes);
        });
    }

    /** Says so, if the page is to be written. */
    static void skipped(Client client) {
        if (WRITE) {
            change(client.name(), table -> table.withAll(client.column(), "skipped"));
        }
    }

    static synchronized CompatibilityTable table(String client) {
        List<String> lines = lines();
        int start = start(lines, client);
        return CompatibilityTable.parse(lines.subList(start, end(lines, start)));
    }

    private static synchronized void change(String client, UnaryOperator<CompatibilityTable> change) {
        List<String> lines = new java.util.ArrayList<>(lines());
        int start = start(lines, client);
        List<String> section = lines.subList(start, end(lines, start));
        String changed = change.apply(CompatibilityTable.parse(section)).render();
        section.clear();
        section.addAll(changed.lines().toList());
        try {
            Files.write(FILE, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines() {
        try {
            return Files.readAllLines(FILE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int start(List<String> lines, String client) {
        int marker = lines.indexOf("<!-- generated: " + client + " -->");
        assertThat(marker).as(FILE + " has no section for " + client).isNotNegative();
        return marker + 1;
    }

    private static int end(List<String> lines, int start) {
        return start + lines.subList(start, lines.size()).indexOf("<!-- end -->");
    }
}
