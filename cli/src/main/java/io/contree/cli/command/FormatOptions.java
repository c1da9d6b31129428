package io.contree.cli.command;

import io.contree.cli.terminal.Printer;
import io.contree.cli.terminal.Terminal;
import picocli.CommandLine.Option;

/** How a command prints. */
public final class FormatOptions {
    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    public boolean json() {
        return json;
    }

    public Printer printer(Terminal terminal) {
        return new Printer(terminal, json);
    }
}
