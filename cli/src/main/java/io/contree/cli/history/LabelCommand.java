package io.contree.cli.history;

import io.contree.cli.command.ConnectionOptions;
import io.contree.cli.command.ImagesCommand;
import io.contree.cli.terminal.CommandFailedException;
import io.contree.cli.terminal.ExitCode;
import io.contree.cli.terminal.Terminal;
import io.contree.sdk.Contree;
import io.contree.sdk.Image;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code contree label}. */
@Command(
        name = "label",
        description = "Notes labels and a text on an image, and prints the labels that it has then.",
        mixinStandardHelpOptions = true)
public final class LabelCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Option(names = "--remove", paramLabel = "NAME", description = "Take this label away; may be repeated.")
    private List<String> removed = List.of();

    @Option(names = "--note", paramLabel = "TEXT", description = "A text in place of what there was; '' takes it away.")
    private @Nullable String note;

    @Parameters(index = "0", paramLabel = "IMAGE", description = "UUID or tag; with ~N behind it, N steps back.")
    private String image = "";

    @Parameters(index = "1..*", paramLabel = "NAME=VALUE", description = "Labels to set.")
    private List<String> labels = List.of();

    public LabelCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Map<String, String> given = given();
        try (Contree contree = connection.connect()) {
            Image labelled = contree.images().find(image);
            if (!given.isEmpty()) {
                labelled = labelled.label(given);
            }
            for (String name : removed) {
                labelled = labelled.unlabel(name);
            }
            if (note != null) {
                labelled = labelled.note(note);
            }
            terminal.out().println(labelled.uuid() + "  " + ImagesCommand.text(labelled.labels()));
        }
        return ExitCode.OK;
    }

    private Map<String, String> given() {
        Map<String, String> given = new LinkedHashMap<>();
        for (String label : labels) {
            int sign = label.indexOf('=');
            if (sign < 1) {
                throw new CommandFailedException(
                        ExitCode.USAGE, "'" + label + "' is not a label; give NAME=VALUE, such as score=0.7");
            }
            given.put(label.substring(0, sign), label.substring(sign + 1));
        }
        return given;
    }
}
