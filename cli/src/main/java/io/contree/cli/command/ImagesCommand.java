package io.contree.cli.command;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.contree.cli.terminal.ExitCode;
import io.contree.cli.terminal.Printer;
import io.contree.cli.terminal.Printer.Column;
import io.contree.cli.terminal.Terminal;
import io.contree.sdk.Contree;
import io.contree.sdk.Image;
import io.contree.sdk.ImageQuery;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
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

    @Option(
            names = "--label",
            paramLabel = "NAME[=VALUE]",
            description = "Only images with this label, also those without a tag; may be repeated.")
    private List<String> labels = List.of();

    @Option(
            names = "--sort",
            paramLabel = "[-]LABEL",
            description = "Only images with this label, the least value first, or with - the greatest; numbers are"
                    + " ordered as numbers.")
    private @Nullable String sort;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "1000", description = "At most N (default 1000).")
    private int limit;

    public ImagesCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** What is printed of an image. */
    record Row(
            UUID uuid,
            @Nullable String tag,
            Instant createdAt,
            String contentDigest,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> labels,
            @Nullable String note) {
        static Row of(Image image) {
            return new Row(
                    image.uuid(),
                    image.tag().orElse(null),
                    image.createdAt(),
                    image.contentDigest(),
                    image.labels(),
                    image.note().orElse(null));
        }
    }

    @Override
    public Integer call() {
        boolean byLabel = !labels.isEmpty() || sort != null;
        ImageQuery query = all || byLabel ? ImageQuery.all() : ImageQuery.all().tagged();
        for (String label : labels) {
            query = query.label(label);
        }
        if (sort != null) {
            query = sort.startsWith("-") ? query.greatestFirst(sort.substring(1)) : query.leastFirst(sort);
        }
        if (prefix != null) {
            query = query.tagPrefix(prefix);
        }
        try (Contree contree = connection.connect()) {
            List<Row> rows =
                    contree.images().list(query).limit(limit).map(Row::of).toList();
            format.printer(terminal).table(rows, columns(rows));
        }
        return ExitCode.OK;
    }

    private static List<Column<Row>> columns(List<Row> rows) {
        List<Column<Row>> columns = new ArrayList<>(List.of(
                new Column<>("TAG", row -> row.tag() == null ? "-" : row.tag()),
                new Column<>("IMAGE", row -> row.uuid().toString()),
                new Column<>(
                        "CREATED",
                        row -> row.createdAt().truncatedTo(ChronoUnit.SECONDS).toString())));
        if (rows.stream().anyMatch(row -> !row.labels().isEmpty())) {
            columns.add(new Column<>("LABELS", row -> text(row.labels())));
        }
        return columns;
    }

    /** Labels on one line. */
    public static String text(Map<String, String> labels) {
        return new TreeMap<>(labels)
                .entrySet().stream()
                        .map(label -> label.getKey() + "="
                                + Printer.printable(label.getValue()).replace('\n', ' '))
                        .collect(Collectors.joining(" "));
    }
}
