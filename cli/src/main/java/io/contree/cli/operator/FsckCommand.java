package io.contree.cli.operator;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.api.Json;
import io.contree.cli.command.FormatOptions;
import io.contree.cli.terminal.Bytes;
import io.contree.cli.terminal.CommandFailedException;
import io.contree.cli.terminal.ExitCode;
import io.contree.cli.terminal.Terminal;
import io.contree.server.Fsck;
import io.contree.server.Fsck.Row;
import io.contree.server.Fsck.Summary;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code contree fsck}: for the operator, on the data directory. */
@Command(
        name = "fsck",
        description = {
            "Compares what a server has on disk with what it recorded, both ways, and names each fault with the images and tags that it"
                    + " affects. The server may be running.",
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Exit codes: 0 no fault, 1 faults are left, 2 wrong options, 3 no data there, 6 all faults were repaired,"
                    + " 8 it could not be checked."
                    + " Leftovers, which a start of the server takes away, are listed and are no faults."
        })
public final class FsckCommand implements Callable<Integer> {
    private static final int SHOWN = 3;
    private static final Duration PROGRESS = Duration.ofSeconds(2);

    private final Terminal terminal;
    private long shownAt = System.nanoTime();

    @Mixin
    private DataOptions data = new DataOptions();

    @Mixin
    private FormatOptions format = new FormatOptions();

    @Option(names = "--read-data", description = "Read all files too, and compare their SHA-256.")
    private boolean readData;

    @Option(
            names = "--repair",
            description =
                    "Make good what can be, and mark layers that stay damaged, so that they are not served. Beside a running"
                            + " server, damaged layers are marked, and that is all.")
    private boolean repair;

    public FsckCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Summary summary;
        try {
            Fsck.Mode mode = repair ? Fsck.Mode.REPAIR : Fsck.Mode.CHECK;
            summary = Fsck.check(data.path(), mode, readData, this::progress, this::print);
        } catch (ContreeException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                throw e;
            }
            throw new CommandFailedException(ExitCode.NOT_CHECKED, String.valueOf(e.getMessage()));
        }
        terminal.err().println(words(summary));
        if (repair && summary.live() && summary.faults() > 0) {
            terminal.err()
                    .println(
                            "contree: a server is running, so damaged layers were marked and nothing was repaired; stop it and"
                                    + " repeat this to repair");
        }
        if (summary.faults() == 0) {
            return ExitCode.OK;
        }
        return summary.repaired() == summary.faults() ? ExitCode.REPAIRED : ExitCode.FAILED;
    }

    private static String words(Summary summary) {
        String faults =
                summary.faults() == 0 ? "no faults" : summary.faults() == 1 ? "1 fault" : summary.faults() + " faults";
        String repaired = summary.repaired() == 0 ? "" : ", of which " + summary.repaired() + " repaired";
        String leftovers = summary.leftovers() == 0
                ? ""
                : "; " + summary.leftovers() + (summary.leftovers() == 1 ? " leftover" : " leftovers")
                        + ", which the next start of the server takes away";
        return "contree: " + faults + repaired + leftovers;
    }

    private void print(Row row) {
        terminal.out().println(format.json() ? Json.tree(row).toString() : line(row));
    }

    private static String line(Row row) {
        String path = row.path().isEmpty() ? "" : " \"" + row.path() + "\"";
        String repaired = row.repaired() == null ? "" : "; repaired: " + row.repaired();
        return "%-10s %s %s%s: %s%s%s"
                .formatted(row.kind(), row.subject(), row.id(), path, row.what(), affected(row), repaired);
    }

    private static String affected(Row row) {
        if (row.images().isEmpty()) {
            return "";
        }
        List<String> images = row.images().stream().map(UUID::toString).toList();
        String names = row.names().isEmpty() ? "" : " (" + some(row.names()) + ")";
        return "; affects " + (images.size() == 1 ? "image " : images.size() + " images: ") + some(images) + names;
    }

    private static String some(List<String> all) {
        String first = String.join(", ", all.subList(0, Math.min(SHOWN, all.size())));
        return all.size() <= SHOWN ? first : first + " and " + (all.size() - SHOWN) + " more";
    }

    private void progress(String what, long done, long total, long bytesRead) {
        if (!terminal.interactiveErr() || System.nanoTime() - shownAt < PROGRESS.toNanos()) {
            return;
        }
        shownAt = System.nanoTime();
        String of = total == 0 ? "" : " of " + total;
        String read = bytesRead == 0 ? "" : ", " + Bytes.text(bytesRead) + " read";
        terminal.err().println("contree: " + what + ": " + done + of + read);
    }
}
