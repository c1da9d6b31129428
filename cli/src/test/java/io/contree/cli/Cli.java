package io.contree.cli;

import io.contree.cli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Runs command lines in this JVM and holds what they print. */
final class Cli {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private InputStream in = InputStream.nullInputStream();
    private Terminal.StdinKind stdinKind = Terminal.StdinKind.NONE;
    private boolean interactive;

    Cli stdin(String text) {
        in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        stdinKind = Terminal.StdinKind.FILE;
        return this;
    }

    Cli pipe(InputStream pipe) {
        in = pipe;
        stdinKind = Terminal.StdinKind.PIPE;
        return this;
    }

    Cli interactive() {
        interactive = true;
        return this;
    }

    int run(String... args) {
        return new CommandLineProgram(terminal()).run(args);
    }

    /** The same against a server, with the token {@code t}. */
    int runAt(Object uri, String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        int command = args.length > 1 && args[0].equals("images") && args[1].equals("import") ? 2 : 1;
        all.addAll(command, List.of("--url", uri.toString(), "--token", "t"));
        return run(all.toArray(String[]::new));
    }

    Terminal terminal() {
        return new Terminal(
                in, new PrintStream(out, true), new PrintStream(err, true), interactive, interactive, stdinKind);
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
