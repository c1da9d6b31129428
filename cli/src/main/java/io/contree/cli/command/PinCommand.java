package io.contree.cli.command;

import io.contree.cli.terminal.ExitCode;
import io.contree.sdk.Contree;
import io.contree.sdk.Image;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code contree pin}, and {@code unpin}, which takes the same images. */
@Command(
        name = "pin",
        description =
                "Keeps images whatever the project's retention says, until they are unpinned or removed by force.",
        mixinStandardHelpOptions = true)
public class PinCommand implements Callable<Integer> {
    private final Consumer<Image> change;

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Parameters(paramLabel = "IMAGE", arity = "1..*", description = "UUID or tag; with ~N behind it, N steps back.")
    private List<String> images = List.of();

    public PinCommand() {
        this(Image::pin);
    }

    private PinCommand(Consumer<Image> change) {
        this.change = change;
    }

    /** {@code contree unpin}. */
    @Command(name = "unpin", description = "Takes the pins of images back.", mixinStandardHelpOptions = true)
    public static final class Unpin extends PinCommand {
        public Unpin() {
            super(Image::unpin);
        }
    }

    @Override
    public Integer call() {
        try (Contree contree = connection.connect()) {
            for (String image : images) {
                change.accept(contree.images().find(image));
            }
        }
        return ExitCode.OK;
    }
}
