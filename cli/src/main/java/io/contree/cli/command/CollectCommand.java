package io.contree.cli.command;

import io.contree.cli.terminal.ExitCode;
import io.contree.cli.terminal.Terminal;
import io.contree.sdk.Contree;
import io.contree.sdk.Swept;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code contree gc}. */
@Command(
        name = "gc",
        description =
                "Removes from the server's disk what no project needs any more. The server does it by itself too, soon"
                        + " after something was removed; this looks for what failed work left as well, and says what it did.",
        mixinStandardHelpOptions = true)
public final class CollectCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    private FormatOptions format = new FormatOptions();

    @Option(names = "--dry-run", description = "Say what would go, and remove nothing.")
    private boolean dryRun;

    public CollectCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        try (Contree contree = connection.connect()) {
            Swept collected =
                    dryRun ? contree.images().collectable() : contree.images().collect();
            format.printer(terminal)
                    .record(
                            collected,
                            (dryRun ? "would remove " : "removed ") + collected.images() + " images, "
                                    + collected.layers() + " layers and " + collected.files() + " uploads: "
                                    + collected.bytes() + " bytes in " + collected.inodes() + " files");
        }
        return ExitCode.OK;
    }
}
