package io.contree.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When {@code ./contree} builds: if a source changed since the last build, and only then. */
class StaleBuildTest {
    private static final Path SCRIPT = Path.of("../scripts/prepare.sh").toAbsolutePath();
    private static final Instant BEFORE = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant BUILT = BEFORE.plusSeconds(60);
    private static final Instant AFTER = BUILT.plusSeconds(60);

    @TempDir
    Path root;

    @BeforeEach
    void aBuiltCheckout() throws IOException {
        for (String file : List.of(
                "pom.xml",
                "api/pom.xml",
                "api/openapi.yaml",
                "init/pom.xml",
                "init/Makefile",
                "init/src/main.c",
                "init/nursery/nursery.c",
                "cli/pom.xml",
                "cli/src/main/java/Main.java",
                "cli/src/test/java/MainTest.java")) {
            Files.createDirectories(root.resolve(file).getParent());
            Files.createFile(root.resolve(file));
        }
        try (var paths = Files.walk(root)) {
            for (Path path : paths.toList()) {
                touch(path, BEFORE);
            }
        }
        Files.createDirectories(root.resolve("target/dist/current"));
        touch(Files.createFile(root.resolve("target/dist/current/built")), BUILT);
    }

    @Test
    void whatABuildMakesIsNoSource() throws Exception {
        for (String made :
                List.of("init/target/init/contree-init", "init/build/test", "cli/target/classes/Main.class")) {
            Files.createDirectories(root.resolve(made).getParent());
            Files.createFile(root.resolve(made));
        }
        assertThat(isStale()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pom.xml",
                "cli/pom.xml",
                "cli/src/main/java/Main.java",
                "init/src/main.c",
                "init/nursery/nursery.c",
                "init/Makefile",
                "api/openapi.yaml"
            })
    void aChangedSourceIsBuilt(String source) throws Exception {
        touch(root.resolve(source), AFTER);
        assertThat(isStale()).isTrue();
    }

    @Test
    void aDeletedSourceIsBuilt() throws Exception {
        Files.delete(root.resolve("cli/src/main/java/Main.java"));
        assertThat(isStale()).isTrue();
    }

    @Test
    void aChangedTestIsNot() throws Exception {
        touch(root.resolve("cli/src/test/java/MainTest.java"), AFTER);
        assertThat(isStale()).isFalse();
    }

    private static void touch(Path path, Instant time) throws IOException {
        Files.setLastModifiedTime(path, FileTime.from(time));
    }

    private boolean isStale() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        "bash",
                        "-c",
                        "set -eu; root=$1; source \"$2\"; is_stale && echo stale || echo fresh",
                        "-",
                        root.toString(),
                        SCRIPT.toString())
                .redirectErrorStream(true)
                .start();
        String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(answer).isIn("stale", "fresh");
        process.waitFor();
        return answer.equals("stale");
    }
}
