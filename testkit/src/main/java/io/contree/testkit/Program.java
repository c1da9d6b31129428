package io.contree.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A program of the machine that a test uses as a tool or as an oracle. */
public record Program(String name) {

    /** Where the program is, looked for in PATH and the directories of system programs. */
    public Optional<Path> find() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("") + ":/usr/sbin:/sbin";
        for (String directory : path.split(":")) {
            Path candidate = Path.of(directory, name);
            if (!directory.isEmpty() && Files.isExecutable(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    /**
     * Runs the program to its end and returns its standard output.
     *
     * @throws AssertionError if it does not exit with code 0; the message has all that it printed
     */
    public String run(String... arguments) throws IOException, InterruptedException {
        return run(List.of(arguments));
    }

    /** As {@link #run(String...)}. */
    public String run(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(find().map(Path::toString).orElse(name));
        command.addAll(arguments);
        Path errors = Files.createTempFile("program-errors-", ".txt");
        try {
            Process process =
                    new ProcessBuilder(command).redirectError(errors.toFile()).start();
            String output = outputOf(process);
            if (process.exitValue() != 0) {
                throw new AssertionError(String.join(" ", command) + " exited with " + process.exitValue() + ":\n"
                        + output + Files.readString(errors, StandardCharsets.ISO_8859_1));
            }
            return output;
        } finally {
            Files.delete(errors);
        }
    }

    private static String outputOf(Process process) throws IOException, InterruptedException {
        try {
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return output;
        } finally {
            process.destroyForcibly();
        }
    }
}
