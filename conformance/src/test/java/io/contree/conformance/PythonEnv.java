package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A virtual environment with pinned packages from PyPI, made once per machine and kept in the user's cache. */
record PythonEnv(Path directory) {
    /**
     * The environment of some requirements such as {@code contree-sdk==0.3.6}; the calling test is skipped with the reason
     * where Python, venv or PyPI cannot be had.
     */
    static synchronized PythonEnv of(String... requirements) throws IOException, InterruptedException {
        String name = String.join("_", requirements).replaceAll("[^A-Za-z0-9._-]", "_");
        Path directory = Path.of(System.getProperty("user.home"), ".cache", "contree", "venv", name);
        if (!Files.exists(directory.resolve("complete"))) {
            Files.createDirectories(directory.getParent());
            need(run(List.of("python3", "-m", "venv", "--clear", directory.toString())), "make a virtual environment");
            List<String> install =
                    new ArrayList<>(List.of(directory.resolve("bin/python").toString(), "-m", "pip", "install", "-q"));
            install.addAll(List.of(requirements));
            need(run(install), "install " + String.join(" ", requirements) + " from PyPI");
            Files.createFile(directory.resolve("complete"));
        }
        return new PythonEnv(directory);
    }

    Path program(String name) {
        return directory.resolve("bin").resolve(name);
    }

    private static void need(Output output, String what) {
        if (output.exitCode() != 0) {
            abort("cannot " + what + ": " + output.text().strip());
        }
    }

    /** What a program printed, standard error included, and its exit code. */
    record Output(int exitCode, String text) {}

    private static Output run(List<String> command) throws IOException, InterruptedException {
        return run(command, Map.of(), Path.of("/"));
    }

    /** Runs a program with some environment variables added and those of contree taken away. */
    static Output run(List<String> command, Map<String, String> environment, Path directory)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile("contree-python", ".out");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(out.toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("CONTREE_") || name.startsWith("NEBIUS_"));
            builder.environment().putAll(environment);
            Process process;
            try {
                process = builder.start();
            } catch (IOException e) {
                return new Output(127, e.getMessage());
            }
            boolean ended = process.waitFor(20, TimeUnit.MINUTES);
            process.destroyForcibly();
            assertThat(ended).as(command + " ends").isTrue();
            return new Output(process.exitValue(), Files.readString(out));
        } finally {
            Files.deleteIfExists(out);
        }
    }
}
