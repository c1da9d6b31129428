package io.contree.cli.command;

import io.contree.cli.terminal.Terminal;
import io.contree.server.ServerMain;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** {@code contree server}: passes its options on: the server knows its settings, and lists them with --help. */
@Command(
        name = "server",
        description = "Runs a server until SIGTERM or Ctrl-C; contree server --help lists its settings.")
public final class ServerCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Unmatched
    private List<String> arguments = new ArrayList<>();

    public ServerCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        return new ServerMain(System.getenv(), terminal.out(), terminal.err()).run(arguments);
    }
}
