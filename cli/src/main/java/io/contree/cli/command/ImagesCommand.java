package io.contree.cli.command;

import io.contree.cli.terminal.ExitCode;
import io.contree.cli.terminal.Printer.Column;
import io.contree.cli.terminal.Terminal;
import io.contree.sdk.Contree;
import io.contree.sdk.Image;
import io.contree.sdk.ImageQuery;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code contree images}: lists. */
@Command(
        name = "images",
        description = "Lists the images of the project, newest first.",
        mixinStandardHelpOptions = true)
public final class ImagesCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    private FormatOptions format = new FormatOptions();

    @Option(
            names = {"-a", "--all"},
            description = "Also images without a tag.")
    private boolean all;

    @Option(names = "--prefix", paramLabel = "TAG", description = "Only tags that start with this.")
    private @Nullable String prefix;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "1000", description = "At most N (default 1000).")
    private int limit;

    public ImagesCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** What is printed of an image. */
    record Row(UUID uuid, @Nullable String tag, Instant createdAt, String contentDigest) {
        static Row of(Image image) {
            return new Row(image.uuid(), image.tag().orElse(null), image.createdAt(), image.contentDigest());
        }
    }

    @Override
    public Integer call() {
        ImageQuery query = all ? ImageQuery.all() : ImageQuery.all().tagged();
        if (prefix != null) {
            query = query.tagPrefix(prefix);
        }
        try (Contree contree = connection.connect()) {
            List<Row> rows =
                    contree.images().list(query).limit(limit).map(Row::of).toList();
            format.printer(terminal)
                    .table(
                            rows,
                            List.of(
                                    new Column<>("TAG", row -> row.tag() == null ? "-" : row.tag()),
                                    new Column<>("IMAGE", row -> row.uuid().toString()),
                                    new Column<>(
                                            "CREATED",
                                            row -> row.createdAt()
                                                    .truncatedTo(ChronoUnit.SECONDS)
                                                    .toString())));
        }
        return ExitCode.OK;
    }
}
