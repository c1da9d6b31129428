package io.contree.cli.command;

import io.contree.cli.terminal.ExitCode;
import io.contree.cli.terminal.Printer.Column;
import io.contree.cli.terminal.Terminal;
import io.contree.sdk.Contree;
import io.contree.sdk.ImageUsage;
import io.contree.sdk.ProjectUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code contree usage}. */
@Command(
        name = "usage",
        description = "Says what the project takes up on the server's disk, or what each of the given images does.",
        mixinStandardHelpOptions = true)
public final class UsageCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    private FormatOptions format = new FormatOptions();

    @Parameters(paramLabel = "IMAGE", arity = "0..*", description = "UUID or tag; with ~N behind it, N steps back.")
    private List<String> images = List.of();

    public UsageCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** A line: something and what it takes up. */
    record Row(String what, long bytes, long inodes) {}

    @Override
    public Integer call() {
        try (Contree contree = connection.connect()) {
            List<Row> rows = new ArrayList<>();
            if (images.isEmpty()) {
                project(contree.images().usage(), rows);
            }
            for (String image : images) {
                ImageUsage usage = contree.images().find(image).usage();
                rows.add(new Row(image + ", of its own", usage.exclusiveBytes(), usage.exclusiveInodes()));
                rows.add(new Row(image + ", shared with others", usage.sharedBytes(), usage.sharedInodes()));
            }
            format.printer(terminal)
                    .table(
                            rows,
                            List.of(
                                    new Column<>("WHAT", Row::what),
                                    new Column<>("BYTES", row -> Long.toString(row.bytes())),
                                    new Column<>("FILES", row -> Long.toString(row.inodes()))));
        }
        return ExitCode.OK;
    }

    private static void project(ProjectUsage usage, List<Row> rows) {
        ProjectUsage.Images images = usage.images();
        rows.add(new Row(
                images.count() + " images, of the project alone", images.exclusiveBytes(), images.exclusiveInodes()));
        rows.add(new Row("the same, shared with other projects", images.sharedBytes(), images.sharedInodes()));
        rows.add(new Row("uploads", usage.uploads().bytes(), usage.uploads().count()));
        rows.add(new Row("event logs", usage.logs().bytes(), usage.logs().count()));
        rows.add(new Row(
                "images of all projects", usage.all().bytes(), usage.all().inodes()));
    }
}
