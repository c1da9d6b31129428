package io.contree.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * No test gives its own pipes to a process that it starts: if the process outlives the test, Maven, which reads those
 * pipes, waits for its end.
 */
class TestProcessesTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static final Pattern INHERITS = Pattern.compile("ProcessBuilder\\.Redirect\\.INHERIT|\\.inheritIO\\(\\)");

    // It is about exactly this, in a JVM of its own.
    private static final Path EXCEPTION = Path.of("testkit/src/test/java/io/contree/testkit/RunReportsTest.java");

    @Test
    void noProcessOfATestInheritsItsPipes() throws IOException {
        try (Stream<Path> modules = Files.list(ROOT)) {
            assertThat(modules.flatMap(module -> Stream.of(module.resolve("src/test"), module.resolve("src/main")))
                            .filter(sources -> Files.isDirectory(sources)
                                    && (sources.endsWith("test") || sources.startsWith(ROOT.resolve("testkit"))))
                            .flatMap(TestProcessesTest::javaFiles)
                            .filter(file -> !file.equals(ROOT.resolve(EXCEPTION)))
                            .filter(file -> !file.endsWith("TestProcessesTest.java")))
                    .hasSizeGreaterThan(100)
                    .filteredOn(TestProcessesTest::inherits)
                    .isEmpty();
        }
    }

    private static Stream<Path> javaFiles(Path sources) {
        try (Stream<Path> files = Files.walk(sources)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean inherits(Path file) {
        try {
            return INHERITS.matcher(Files.readString(file)).find();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
