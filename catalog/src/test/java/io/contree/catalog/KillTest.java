package io.contree.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.engine.AccessCatalog;
import io.contree.engine.OperationRecord;
import io.contree.engine.ProjectLimits;
import io.contree.engine.Samples;
import io.contree.store.disk.CatalogLink;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a killed process was told is recorded is there, whole. */
@Tag("slow")
class KillTest {
    private static final int LINES = 300;

    @TempDir
    private Path directory;

    @RepeatedTest(3)
    void acknowledgedRecordsSurvive() throws Exception {
        UUID project = UUID.randomUUID();
        List<String> acknowledged = writeAndKill(directory, project, () -> {});

        try (SqlCatalog catalog = SqlCatalog.serve(CatalogLink.of(directory))) {
            assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(LINES);
            for (String line : acknowledged) {
                assertThat(isThere(catalog, project, line)).describedAs(line).isTrue();
            }
            for (OperationRecord unfinished : catalog.operations().unfinished()) {
                assertThat(unfinished.end()).isEmpty();
            }
            assertThat(catalog.operations().unfinished()).hasSizeLessThanOrEqualTo(4);
        }
    }

    @Test
    void aFileThatGetsShorterLosesNothing() throws Exception {
        UUID project = UUID.randomUUID();
        List<String> acknowledged = writeAndKill(directory, project, () -> {}, "give back");
        try (SqlCatalog catalog = SqlCatalog.serve(CatalogLink.of(directory))) {
            assertThat(catalog.records().problems())
                    .as("the images of its runs are made up")
                    .allMatch(problem -> problem.endsWith("images of projects that have no record of the state"));
            assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(LINES);
            assertThat(acknowledged)
                    .allSatisfy(
                            line -> assertThat(isThere(catalog, project, line)).isTrue());
        }
    }

    /** An operator's command is another process; here, this one. It must not think that nobody else has the file. */
    @Test
    void operatorsDeleteNoLogOfAServerThatLostItsLocks() throws Exception {
        UUID project = UUID.randomUUID();
        CatalogLink link = CatalogLink.of(directory);
        Path log = directory.resolve("catalog.db-wal");
        List<String> names = new ArrayList<>();
        List<String> acknowledged = writeAndKill(
                directory,
                project,
                () -> {
                    Object before = Files.getAttribute(log, "unix:ino");
                    for (int i = 0; i < 20; i++) {
                        String name = "team-" + i;
                        try (SqlCatalog operator = SqlCatalog.administer(link)) {
                            assertThat(operator.access()
                                            .recordProject(new AccessCatalog.Project(
                                                    UUID.randomUUID(), name, ProjectLimits.NONE, Samples.THEN)))
                                    .isTrue();
                        }
                        names.add(name);
                        assertThat(Files.getAttribute(log, "unix:ino")).isEqualTo(before);
                    }
                },
                "drop locks");

        try (SqlCatalog catalog = SqlCatalog.serve(link)) {
            assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(LINES);
            assertThat(acknowledged)
                    .allSatisfy(
                            line -> assertThat(isThere(catalog, project, line)).isTrue());
            assertThat(catalog.access().projects())
                    .extracting(AccessCatalog.Project::name)
                    .containsAll(names);
        }
    }

    private static boolean isThere(SqlCatalog catalog, UUID project, String line) {
        UUID uuid = UUID.fromString(line.substring(line.indexOf(' ') + 1));
        return line.startsWith("accepted")
                ? catalog.operations().operation(project, uuid).isPresent()
                : catalog.projects().image(project, uuid).isPresent();
    }

    private interface Meanwhile {
        void run() throws Exception;
    }

    private static List<String> writeAndKill(Path data, UUID project, Meanwhile meanwhile, String... more)
            throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                KilledWriter.class.getName(),
                data.toString(),
                project.toString()));
        command.addAll(List.of(more));
        Process child = new ProcessBuilder(command)
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
            List<String> rest = new ArrayList<>();
            Thread reader =
                    Thread.ofPlatform().start(() -> output.lines().forEach(rest::add)); // or the child would wait
            meanwhile.run();
            child.toHandle().destroyForcibly(); // SIGKILL; the pipe stays open, unlike with destroyForcibly of Process
            reader.join();
            rest.stream().filter(line -> line.length() >= 44).forEach(lines::add); // a truncated last line is ignored
            return lines;
        } finally {
            child.destroyForcibly();
            assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
    }
}
