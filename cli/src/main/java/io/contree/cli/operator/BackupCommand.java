package io.contree.cli.operator;

import io.contree.cli.command.FormatOptions;
import io.contree.cli.terminal.CommandFailedException;
import io.contree.cli.terminal.CopyMeter;
import io.contree.cli.terminal.ExitCode;
import io.contree.cli.terminal.Terminal;
import io.contree.server.Backups;
import io.contree.store.backup.BackupSummary;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code contree backup}: for the operator, on the data directory. */
@Command(
        name = "backup",
        description =
                "Backs the data of a running or stopped server up into a directory. What that has from earlier backups is"
                        + " not copied again.",
        mixinStandardHelpOptions = true)
public final class BackupCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private DataOptions data;

    @Mixin
    private FormatOptions format;

    @Option(
            names = "--keep",
            paramLabel = "N",
            defaultValue = "7",
            description = "How many backups the directory keeps, the newest ones (default ${DEFAULT-VALUE}).")
    private int keep;

    @Option(names = "--list", description = "Only list the backups in the directory, the oldest first.")
    private boolean list;

    @Parameters(
            paramLabel = "DIR",
            description = "Directory for backups of this server, made if missing; best on another disk.")
    private Path directory;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    public BackupCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (list) {
            format.printer(terminal).list(Backups.list(directory), name -> name);
            return ExitCode.OK;
        }
        if (keep < 1) {
            throw new CommandFailedException(ExitCode.USAGE, "--keep is 1 or more: this backup is one");
        }
        BackupSummary made;
        try (CopyMeter meter = new CopyMeter(terminal, !format.json())) {
            made = Backups.make(data.directory(), directory, keep, RestoreCommand.shownBy(meter));
        }
        format.printer(terminal).record(made, text(made));
        return RestoreCommand.reportDamage(terminal, made, "damaged, and not in the backup");
    }

    private static String text(BackupSummary made) {
        return String.format(
                Locale.ROOT,
                "%s: copied %d layers, %d files and %d logs (%s in %.1f s), kept %d, %d and %d, removed %d",
                made.backup(),
                made.layersCopied(),
                made.filesCopied(),
                made.logsCopied(),
                CopyMeter.amount(made.bytes(), Duration.ofMillis(made.millis()).toNanos()),
                made.millis() / 1e3,
                made.layersKept(),
                made.filesKept(),
                made.logsKept(),
                made.removed());
    }
}
