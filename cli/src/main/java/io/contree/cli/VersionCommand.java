package io.contree.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code contree version}. */
@Command(name = "version", description = "Prints the version.", mixinStandardHelpOptions = true)
final class VersionCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private FormatOptions format = new FormatOptions();

    VersionCommand(Terminal terminal) {
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
