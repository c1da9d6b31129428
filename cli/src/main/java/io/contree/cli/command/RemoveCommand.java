package io.contree.cli.command;

import io.contree.cli.terminal.ExitCode;
import io.contree.cli.terminal.Terminal;
import io.contree.sdk.Contree;
import io.contree.sdk.Image;
import io.contree.sdk.RemovalPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code contree rm}. */
@Command(
        name = "rm",
        description =
                "Removes images from the project. What nothing else needs then goes from the server's disk; images that"
                        + " were made from them stay whole.",
        mixinStandardHelpOptions = true)
public final class RemoveCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Option(
            names = {"-f", "--force"},
            description =
                    "Also those with a tag or a pin, which go too, and those that an operation works on, which goes on.")
    private boolean force;

    @Option(names = "--dry-run", description = "Say what would go and how much it would free, and remove nothing.")
    private boolean dryRun;

    @Parameters(paramLabel = "IMAGE", arity = "1..*", description = "UUID or tag; with ~N behind it, N steps back.")
    private List<String> images = List.of();

    public RemoveCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** All are looked up before the first goes, so that a mistyped one keeps all. */
    @Override
    public Integer call() {
        try (Contree contree = connection.connect()) {
            List<Image> found = new ArrayList<>();
            for (String image : images) {
                found.add(contree.images().find(image));
            }
            for (Image image : found) {
                if (dryRun) {
                    terminal.out().println(image.uuid() + shown(image.removal()));
                } else {
                    if (force) {
                        image.removeForced();
                    } else {
                        image.remove();
                    }
                    terminal.out().println(image.uuid());
                }
            }
        }
        return ExitCode.OK;
    }

    private static String shown(RemovalPlan removal) {
        StringBuilder line = new StringBuilder(
                " would free " + removal.freedBytes() + " bytes in " + removal.freedInodes() + " files");
        if (!removal.tags().isEmpty()) {
            line.append("; has the tags ").append(String.join(", ", removal.tags()));
        }
        if (removal.pinned()) {
            line.append("; is pinned");
        }
        if (removal.operations() > 0) {
            line.append("; ").append(removal.operations()).append(" operations work on it");
        }
        return line.toString();
    }
}
