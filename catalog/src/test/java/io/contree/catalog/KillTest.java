package io.contree.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.engine.OperationRecord;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

/** What a killed process was told to be recorded is there, whole. */
class KillTest {
    private static final int LINES = 300;

    @TempDir
    private Path directory;

    @RepeatedTest(3)
    void acknowledgedRecordsSurvive() throws Exception {
        Path file = directory.resolve("catalog.db");
        UUID project = UUID.randomUUID();
        List<String> acknowledged = writeAndKill(file, project);

        try (SqlCatalog catalog = SqlCatalog.openSqlite(file)) {
            assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(LINES);
            for (String line : acknowledged) {
                UUID uuid = UUID.fromString(line.substring(line.indexOf(' ') + 1));
                boolean there = line.startsWith("accepted")
                        ? catalog.operations().operation(project, uuid).isPresent()
                        : catalog.projects().image(project, uuid).isPresent();
                assertThat(there).describedAs(line).isTrue();
            }
            for (OperationRecord unfinished : catalog.operations().unfinished()) {
                assertThat(unfinished.outcome()).isEmpty();
            }
            assertThat(catalog.operations().unfinished()).hasSizeLessThanOrEqualTo(4);
        }
    }

    private static List<String> writeAndKill(Path file, UUID project) throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledWriter.class.getName(),
                        file.toString(),
                        project.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader output = child.inputReader()) {
            List<String> lines = new ArrayList<>();
            while (lines.size() < LINES) {
                String line = output.readLine();
                assertThat(line)
                        .describedAs("line %s of the child", lines.size())
                        .isNotNull();
                lines.add(line);
            }
            child.toHandle().destroyForcibly(); // SIGKILL; the pipe stays open, unlike with destroyForcibly of Process
            output.lines()
                    .filter(line -> line.length() >= 44)
                    .forEach(lines::add); // a cut off last line does not count
            return lines;
        } finally {
            child.destroyForcibly();
            assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
    }
}
