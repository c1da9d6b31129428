package io.contree.cli.history;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.contree.api.LineageStep;
import io.contree.api.OperationSummary;
import io.contree.api.RunOutcome;
import io.contree.cli.command.ConnectionOptions;
import io.contree.cli.command.FormatOptions;
import io.contree.cli.command.ImagesCommand;
import io.contree.cli.terminal.ExitCode;
import io.contree.cli.terminal.Printer;
import io.contree.cli.terminal.Terminal;
import io.contree.sdk.Contree;
import io.contree.sdk.Image;
import io.contree.sdk.LineageQuery;
import io.contree.sdk.NotFoundException;
import io.contree.sdk.Operation;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code contree show}. */
@Command(
        name = "show",
        description = "Shows an image: what it is called, how the project came to it, and what was made from it.",
        mixinStandardHelpOptions = true)
public final class ShowCommand implements Callable<Integer> {
    private static final int MOST_CHILDREN = 100;

    private final Terminal terminal;

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    private FormatOptions format = new FormatOptions();

    @Parameters(paramLabel = "IMAGE", description = "UUID or tag; with ~N behind it, N steps back.")
    private String image = "";

    public ShowCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /**
     * What is printed of an image.
     *
     * @param reachedBy the step that the project has it from
     * @param exitCode of the run, as long as its record is kept; so are the rest
     * @param children steps that began here, the newest first
     */
    record Shown(
            UUID uuid,
            @Nullable String tag,
            Instant createdAt,
            String contentDigest,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> labels,
            @Nullable String note,
            @Nullable LineageStep reachedBy,
            @Nullable Integer exitCode,
            @Nullable RunOutcome outcome,
            @Nullable OperationSummary operation,
            List<LineageStep> children) {}

    @Override
    public Integer call() {
        try (Contree contree = connection.connect()) {
            Shown shown = shown(contree, contree.images().find(image));
            format.printer(terminal).record(shown, text(shown));
        }
        return ExitCode.OK;
    }

    private static Shown shown(Contree contree, Image image) {
        Optional<LineageStep> step = image.lineage(
                        LineageQuery.ancestors().first().depth(1).limit(1))
                .findFirst();
        Optional<Operation> operation = step.map(LineageStep::operationUuid).flatMap(uuid -> operation(contree, uuid));
        return new Shown(
                image.uuid(),
                image.tag().orElse(null),
                image.createdAt(),
                image.contentDigest(),
                image.labels(),
                image.note().orElse(null),
                step.orElse(null),
                operation
                        .flatMap(Operation::process)
                        .map(process -> process.state().exitCode())
                        .orElse(null),
                operation.flatMap(Operation::outcome).orElse(null),
                operation.map(Operation::summary).orElse(null),
                image.lineage(LineageQuery.descendants().depth(1).limit(MOST_CHILDREN))
                        .toList());
    }

    /** Retention takes records of operations before images. */
    private static Optional<Operation> operation(Contree contree, UUID uuid) {
        try {
            return Optional.of(contree.operations().get(uuid));
        } catch (NotFoundException e) {
            return Optional.empty();
        }
    }

    private static String text(Shown shown) {
        StringBuilder text = new StringBuilder();
        line(text, "Image", shown.uuid());
        line(text, "Tag", shown.tag());
        line(text, "Created", shown.createdAt().truncatedTo(ChronoUnit.SECONDS));
        line(text, "Content", shown.contentDigest());
        line(text, "Labels", shown.labels().isEmpty() ? null : ImagesCommand.text(shown.labels()));
        line(
                text,
                "Note",
                shown.note() == null ? null : Printer.printable(shown.note()).replace("\n", "\n          "));
        LineageStep step = shown.reachedBy();
        if (step != null) {
            line(text, "From", step.inputImage());
            line(text, "By", step.operationUuid());
            line(text, "Cached", step.cachedFrom());
        }
        line(text, "Exit", shown.exitCode());
        if (shown.outcome() != null) {
            line(text, "Outcome", shown.outcome().reason().wire());
        }
        OperationSummary operation = shown.operation();
        if (operation != null) {
            line(text, "Took", String.format(Locale.ROOT, "%.2f s", operation.duration()));
            line(
                    text,
                    "CPU",
                    operation.consumedCpu() == null
                            ? null
                            : String.format(Locale.ROOT, "%.2f s", operation.consumedCpu()));
            line(text, "Memory", operation.consumedMemory() == null ? null : operation.consumedMemory() + " KiB");
        }
        if (step != null) {
            text.append('\n').append(LineageText.indented(step)).append('\n');
        }
        if (!shown.children().isEmpty()) {
            text.append("\nMade from it:\n");
            shown.children()
                    .forEach(child ->
                            text.append("  ").append(LineageText.line(child)).append('\n'));
            if (shown.children().size() == MOST_CHILDREN) {
                text.append("  … (contree log --graph shows all)\n");
            }
        }
        return text.toString().stripTrailing();
    }

    private static void line(StringBuilder text, String name, @Nullable Object value) {
        if (value != null) {
            text.append(String.format(Locale.ROOT, "%-9s %s%n", name + ":", value));
        }
    }
}
