package io.contree.cli;

import io.contree.testkit.ProgramJvm;
import io.contree.testkit.Signals;
import io.contree.testkit.Trees;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The contree command as a process of its own, with files of its own in place of a home directory. */
final class Launched implements AutoCloseable {
    /** What a finished command said. */
    record Ended(int exitCode, String out, String err) {}

    private final Process process;
    private final Path err;

    private Launched(Process process, Path err) {
        this.process = process;
        this.err = err;
    }

    /** Starts a command with empty standard input and {@code CONTREE_HOME} in a directory. */
    static Launched start(Path home, String... args) throws IOException {
        return start(home, Path.of("/dev/null"), args);
    }

    static Launched start(Path home, Path stdin, String... args) throws IOException {
        return start(home, Redirect.from(stdin.toFile()), args);
    }

    /** Starts a command whose standard input is a pipe that {@link #stdin} writes to. */
    static Launched piped(Path home, String... args) throws IOException {
        return start(home, Redirect.PIPE, args);
    }

    private static Launched start(Path home, Redirect stdin, String... args) throws IOException {
        // A shell starts background commands with SIGINT ignored, which a JVM cannot undo.
        List<String> program = new ArrayList<>(List.of("env", "--default-signal=INT"));
        program.addAll(jvm());
        Path err = Files.createTempFile(home, "stderr", ".txt");
        ProcessBuilder builder =
                contree(program, home, args).redirectInput(stdin).redirectError(err.toFile());
        return new Launched(builder.start(), err);
    }

    private static ProcessBuilder contree(List<String> program, Path home, String... args) {
        List<String> command = new ArrayList<>(program);
        command.add(Main.class.getName());
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("CONTREE_") || name.startsWith("NEBIUS_"));
        builder.environment().put("CONTREE_HOME", home.toString());
        return builder;
    }

    private static List<String> jvm() throws IOException {
        try {
            return ProgramJvm.command(Launched::rehearse);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a start was recorded", e);
        }
    }

    /** The demo does most of what commands do, server and client. */
    private static void rehearse(List<String> jvm) throws IOException, InterruptedException {
        Path home = Files.createTempDirectory("rehearsal-");
        try {
            Process demo = contree(jvm, home, "demo")
                    .redirectErrorStream(true)
                    .redirectOutput(home.resolve("said").toFile())
                    .start();
            demo.waitFor(5, TimeUnit.MINUTES);
            demo.destroyForcibly();
        } finally {
            Trees.remove(home);
        }
    }

    /** Runs a command to its end. */
    static Ended run(Path home, String... args) throws IOException, InterruptedException {
        return start(home, args).end();
    }

    Ended end() throws IOException, InterruptedException {
        try (this) {
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                throw new IOException("the command does not end; it said: " + err());
            }
            return new Ended(process.exitValue(), out, err());
        }
    }

    OutputStream stdin() {
        return process.getOutputStream();
    }

    /** The first line of standard output that starts with this. */
    String awaitLine(String start) throws IOException {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith(start)) {
                return line;
            }
        }
        throw new IOException("the command ended without saying \"" + start + "\"; it said: " + err());
    }

    /** Sends a signal by name and waits for the end. */
    int signal(String name) throws IOException, InterruptedException {
        Signals.send(process.pid(), name);
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new IOException("the command does not end after " + name + "; it said: " + err());
        }
        return process.exitValue();
    }

    long pid() {
        return process.pid();
    }

    String err() throws IOException {
        return Files.readString(err);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
