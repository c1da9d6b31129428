package io.contree.sandbox.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Test programs in C, built by the machine's compiler. */
final class Probe {
    private Probe() {}

    /** Makes a directory that, laid over a root, brings {@code probe.c} as {@code /bin/probe}. */
    static Path lowerWithProbe(Path directory) throws IOException, InterruptedException {
        return lowerWith("probe", directory);
    }

    /** Makes a directory that, laid over a root, brings a program by its name in {@code /bin}. */
    static Path lowerWith(String name, Path directory) throws IOException, InterruptedException {
        Path source = directory.resolve(name + ".c");
        try (InputStream in = Probe.class.getResourceAsStream(name + ".c")) {
            Files.copy(in, source);
        }
        Path program = Files.createDirectories(directory.resolve("lower/bin")).resolve(name);
        assumeTrue(
                compile("musl-gcc", source, program) || compile("gcc", source, program), "no C compiler for " + name);
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
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
