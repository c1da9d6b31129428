package io.contree.bench.machine;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Other programs: where they are, and running them. */
public final class Programs {
    private Programs() {}

    public static boolean has(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "/usr/bin:/bin").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    /** Runs a program that must end with 0; what it said is in the failure. */
    public static void run(List<String> command) throws IOException, InterruptedException {
        // No stream is the null device: crun gives those of a container to root of its user namespace, and it is the
        // machine's.
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String complaint = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        requireSuccess(command, process, complaint);
    }

    /** Runs a program that must end with 0 and returns what it printed. */
    public static String output(List<String> command) throws IOException, InterruptedException {
        return output(command, Map.of());
    }

    /** As above, with variables set. */
    public static String output(List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        requireSuccess(command, process, "");
        return text;
    }

    /** Runs a program until its first byte of output has come; it must have one. The program is waited for. */
    public static double millisToOutput(List<String> command) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.getOutputStream().close();
        int first = process.getInputStream().read();
        double millis = (System.nanoTime() - start) / 1e6;
        process.getInputStream().transferTo(OutputStream.nullOutputStream());
        requireSuccess(command, process, "");
        if (first < 0) {
            throw new IOException(String.join(" ", command) + " printed nothing");
        }
        return millis;
    }

    private static void requireSuccess(List<String> command, Process process, String complaint)
            throws IOException, InterruptedException {
        int code = process.waitFor();
        if (code != 0) {
            throw new IOException(String.join(" ", command) + " ended with " + code + " " + complaint.strip());
        }
    }
}
