package io.contree.cli.history;

import io.contree.api.LineageStep;
import io.contree.cli.command.ConnectionOptions;
import io.contree.cli.command.FormatOptions;
import io.contree.cli.terminal.CommandFailedException;
import io.contree.cli.terminal.ExitCode;
import io.contree.cli.terminal.Terminal;
import io.contree.sdk.Contree;
import io.contree.sdk.Image;
import io.contree.sdk.LineageQuery;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code contree log}. */
@Command(
        name = "log",
        description =
                "Lists the runs by which the project came to an image, the last first; the image N lines down is IMAGE~N.",
        mixinStandardHelpOptions = true)
public final class LogCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    private FormatOptions format = new FormatOptions();

    @Option(names = "--all", description = "Every run that led to the image or to one before it, the nearest first.")
    private boolean all;

    @Option(names = "--graph", description = "Draw what was made from the image instead.")
    private boolean graph;

    @Option(names = "--oneline", description = "A line for each step: the image that it led to, and the command.")
    private boolean oneline;

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            defaultValue = "1000",
            description = "At most N steps (default 1000).")
    private int limit;

    @Parameters(paramLabel = "IMAGE", description = "UUID or tag; with ~N behind it, N steps back.")
    private String image = "";

    public LogCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (limit < 1) {
            throw new CommandFailedException(ExitCode.USAGE, "-n has to be 1 at least");
        }
        LineageQuery direction = graph ? LineageQuery.descendants() : LineageQuery.ancestors();
        LineageQuery query = (all ? direction : direction.first()).limit(limit + 1L);
        try (Contree contree = connection.connect()) {
            Image root = contree.images().find(image);
            List<LineageStep> found = root.lineage(query).toList();
            List<LineageStep> steps = found.subList(0, Math.min(limit, found.size()));
            if (graph && !format.json()) {
                LineageText.tree(root.uuid(), steps, terminal.out()::println);
            } else {
                Function<LineageStep, String> form = oneline ? LineageText::line : LineageText::paragraph;
                format.printer(terminal).list(steps, form);
            }
            if (found.size() > limit) {
                terminal.err().println("contree: there are more steps; -n shows more of them");
            }
        }
        return ExitCode.OK;
    }
}
