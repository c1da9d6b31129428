package io.contree.cli.command;

import io.contree.cli.terminal.ExitCode;
import io.contree.cli.terminal.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code contree version}. */
@Command(name = "version", description = "Prints the version.", mixinStandardHelpOptions = true)
public final class VersionCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private FormatOptions format = new FormatOptions();

    public VersionCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    private record Versions(String contree, String java) {}

    @Override
    public Integer call() {
        Versions versions = new Versions(Version.current(), Runtime.version().toString());
        format.printer(terminal).record(versions, "contree " + versions.contree() + " (Java " + versions.java() + ")");
        return ExitCode.OK;
    }
}
