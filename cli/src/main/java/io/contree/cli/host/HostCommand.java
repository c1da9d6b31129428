package io.contree.cli.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A program of the machine, run for its output. */
public final class HostCommand {
    private static final List<Path> DIRECTORIES =
            List.of(Path.of("/usr/sbin"), Path.of("/usr/bin"), Path.of("/sbin"), Path.of("/bin"));
    private static final int PATIENCE_SECONDS = 10;

    private HostCommand() {}

    /** What a program said, without white space around it. */
    public record Said(int code, String text) {}

    /** Where a program is; empty if it is not there. */
    public static Optional<Path> find(String program) {
        return DIRECTORIES.stream()
                .map(directory -> directory.resolve(program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Runs a program to its end; empty if it is not there. */
    public static Optional<Said> run(String program, String... arguments) throws IOException {
        Optional<Path> path = find(program);
        if (path.isEmpty()) {
            return Optional.empty();
        }
        List<String> command = new ArrayList<>(List.of(path.get().toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException(String.join(" ", command) + " does not end");
            }
            return Optional.of(new Said(process.exitValue(), text.strip()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }
}
