package io.contree.cli.operator;

import io.contree.cli.terminal.ExitCode;
import io.contree.cli.terminal.Terminal;
import io.contree.server.Administration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code contree images publish}: for the operator, on the data directory. */
@Command(
        name = "publish",
        description = "Lets every project see the image of a tag, under that tag; on the server's machine.",
        mixinStandardHelpOptions = true)
public final class PublishCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private DataOptions data = new DataOptions();

    @Mixin
    private DataOptions.Project project = new DataOptions.Project();

    @Parameters(paramLabel = "TAG", description = "A tag of the project.")
    private String tag;

    @SuppressWarnings("NullAway.Init") // picocli sets tag
    public PublishCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        try (Administration administration = data.open()) {
            terminal.out().println(administration.publish(project.name(), tag));
        }
        return ExitCode.OK;
    }
}
