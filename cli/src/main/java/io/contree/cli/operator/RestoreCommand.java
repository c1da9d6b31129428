package io.contree.cli.operator;

import io.contree.cli.command.FormatOptions;
import io.contree.cli.terminal.CopyMeter;
import io.contree.cli.terminal.ExitCode;
import io.contree.cli.terminal.Terminal;
import io.contree.server.Backups;
import io.contree.store.backup.BackupSummary;
import io.contree.store.backup.CopyProgress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code contree restore}: for the operator, on a directory that becomes a data directory. */
@Command(
        name = "restore",
        description =
                "Makes a data directory of a backup, in an empty or missing directory, and checks every byte. If it is cut"
                        + " short, run it again.",
        mixinStandardHelpOptions = true)
public final class RestoreCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Option(
            names = "--data",
            paramLabel = "NEW",
            required = true,
            description = "The data directory to make: empty or missing.")
    private Path data;

    @Mixin
    private FormatOptions format;

    @Option(
            names = "--backup",
            paramLabel = "NAME",
            description = "Which backup (default: the newest); contree backup --list DIR names them.")
    private @Nullable String backup;

    @Option(
            names = "--skip-damaged",
            description = "Leave out what is damaged in the backup, and name it, instead of restoring nothing.")
    private boolean skipDamaged;

    @Parameters(paramLabel = "DIR", description = "The directory with backups.")
    private Path directory;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    public RestoreCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        BackupSummary made;
        try (CopyMeter meter = new CopyMeter(terminal, !format.json())) {
            made = Backups.restore(directory, Optional.ofNullable(backup), data, skipDamaged, shownBy(meter));
        }
        format.printer(terminal).record(made, text(made));
        return reportDamage(terminal, made, "damaged, and not restored");
    }

    static CopyProgress.Listener shownBy(CopyMeter meter) {
        return at -> meter.at(at.part().name().toLowerCase(Locale.ROOT), at.done(), at.total(), at.bytes());
    }

    /** Names what is missing; returns the exit code. */
    static int reportDamage(Terminal terminal, BackupSummary made, String what) {
        made.damaged().forEach(thing -> terminal.err().println("contree: " + what + ": " + thing));
        return made.damaged().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }

    private String text(BackupSummary made) {
        return String.format(
                Locale.ROOT,
                "restored %s into %s: %d layers, %d files and %d logs (%s in %.1f s)",
                made.backup(),
                data,
                made.layersCopied(),
                made.filesCopied(),
                made.logsCopied(),
                CopyMeter.amount(made.bytes(), Duration.ofMillis(made.millis()).toNanos()),
                made.millis() / 1e3);
    }
}
