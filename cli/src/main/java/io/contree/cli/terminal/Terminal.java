package io.contree.cli.terminal;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a command reads and writes: the three standard streams, and what is behind them.
 *
 * @param interactiveOut true if a person reads standard output on a terminal
 * @param interactiveErr the same for standard error
 * @param stdinKind what standard input is
 */
public record Terminal(
        InputStream in,
        PrintStream out,
        PrintStream err,
        boolean interactiveOut,
        boolean interactiveErr,
        StdinKind stdinKind) {
    /** What can be behind standard input. */
    public enum StdinKind {
        /** A terminal, or nothing: there is no input to pass on. */
        NONE,
        /** A file: all of it is there at once. */
        FILE,
        /** A pipe or socket: it may have input, later input, or none for as long as its other end is open. */
        PIPE
    }

    /** Of this process. Output is UTF-8 whatever the locale: names and output of commands are. */
    public static Terminal ofProcess() {
        return new Terminal(
                new FileInputStream(FileDescriptor.in),
                stream(FileDescriptor.out),
                stream(FileDescriptor.err),
                isTerminal(1),
                isTerminal(2),
                stdin());
    }

    public PrintWriter outWriter() {
        return new PrintWriter(out, true, StandardCharsets.UTF_8);
    }

    public PrintWriter errWriter() {
        return new PrintWriter(err, true, StandardCharsets.UTF_8);
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }

    private static boolean isTerminal(int descriptor) {
        String target = target(descriptor);
        return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
    }

    private static StdinKind stdin() {
        String target = target(0);
        if (target.startsWith("pipe:") || target.startsWith("socket:")) {
            return StdinKind.PIPE;
        }
        Path path = Path.of("/proc/self/fd/0");
        if (Files.isRegularFile(path)) {
            return StdinKind.FILE;
        }
        return !isTerminal(0) && !target.startsWith("/dev/") && Files.exists(path) ? StdinKind.PIPE : StdinKind.NONE;
    }

    private static String target(int descriptor) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
        } catch (IOException e) {
            return "";
        }
    }
}
