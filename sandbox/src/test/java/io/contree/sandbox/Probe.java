package io.contree.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The test program {@code probe.c}, built by the machine's compiler. */
final class Probe {
    private Probe() {}

    /** Makes a directory that, laid over a root, brings the program as {@code /bin/probe}. */
    static Path lowerWithProbe(Path directory) throws IOException, InterruptedException {
        Path source = directory.resolve("probe.c");
        try (InputStream in = Probe.class.getResourceAsStream("probe.c")) {
            Files.copy(in, source);
        }
        Path program = Files.createDirectories(directory.resolve("lower/bin")).resolve("probe");
        assumeTrue(
                compile("musl-gcc", source, program) || compile("gcc", source, program), "no C compiler for the probe");
        return directory.resolve("lower");
    }

    /** The errno of each call by its name in the program's output. */
    static Map<String, Integer> results(String output) {
        Map<String, Integer> results = new HashMap<>();
        output.lines().forEach(line -> results.put(line.split(" ")[0], Integer.parseInt(line.split(" ")[1])));
        assertThat(results).isNotEmpty();
        return results;
    }

    private static boolean compile(String compiler, Path source, Path program) throws InterruptedException {
        try {
            return new ProcessBuilder(List.of(
                                    compiler, "-static", "-O1", "-w", "-o", program.toString(), source.toString()))
                            .inheritIO()
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
