package io.contree.cli;

import io.contree.cli.terminal.Terminal;

/** The entry point of the {@code contree} command, and the only place that ends the JVM. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.exit(new CommandLineProgram(Terminal.ofProcess()).run(args));
    }
}
