package io.contree.cli.operator;

import io.contree.cli.terminal.ExitCode;
import io.contree.server.Administration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code contree images unpublish}: for the operator, on the data directory. */
@Command(
        name = "unpublish",
        description = "Withdraws a public tag; what projects made from its image stays theirs.",
        mixinStandardHelpOptions = true)
public final class UnpublishCommand implements Callable<Integer> {
    @Mixin
    private DataOptions data = new DataOptions();

    @Parameters(paramLabel = "TAG", description = "A public tag.")
    private String tag;

    @SuppressWarnings("NullAway.Init") // picocli sets tag
    public UnpublishCommand() {}

    @Override
    public Integer call() {
        try (Administration administration = data.open()) {
            administration.unpublish(tag);
        }
        return ExitCode.OK;
    }
}
