package io.contree.cli.command;

import io.contree.cli.terminal.CommandFailedException;
import io.contree.cli.terminal.ExitCode;
import io.contree.cli.terminal.ImportProgress;
import io.contree.cli.terminal.Terminal;
import io.contree.sdk.Contree;
import io.contree.sdk.Image;
import io.contree.sdk.Import;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code contree images import}. */
@Command(
        name = "import",
        description = "Imports an image and prints its UUID. What is there already is not sent again.",
        mixinStandardHelpOptions = true)
public final class ImportCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    private FormatOptions format = new FormatOptions();

    @Parameters(
            paramLabel = "REF",
            description = {
                "[docker://][HOST[:PORT]/]NAME[:TAG|@sha256:…], or from this machine, which sends it:",
                "rootfs:DIR, rootfs:FILE.tar, oci:DIR[:TAG], oci-archive:FILE[:TAG], docker-archive:FILE[:NAME]"
            })
    private String reference;

    @Option(
            names = {"-t", "--tag"},
            paramLabel = "TAG",
            description = "Name for the result. An image from a registry gets its own unless told otherwise.")
    private @Nullable String tag;

    @Option(
            names = "--on-server",
            description = "A path is on the server's machine, below its local-import-roots, and is not sent.")
    private boolean onServer;

    @Option(names = "--username", paramLabel = "NAME", description = "Login for the registry.")
    private @Nullable String username;

    @Option(names = "--password-stdin", description = "Read the password from standard input.")
    private boolean passwordStdin;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "Give up after this time, such as 90s or 10m (default: the server's).")
    private @Nullable Duration timeout;

    @SuppressWarnings("NullAway.Init") // picocli sets reference
    public ImportCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if ((username != null) != passwordStdin) {
            throw new CommandFailedException(
                    ExitCode.USAGE, "a login needs both --username and --password-stdin; give both or neither");
        }
        try (Contree contree = connection.connect()) {
            ImagesCommand.Row row = ImagesCommand.Row.of(importImage(contree));
            format.printer(terminal).record(row, row.uuid() + (row.tag() == null ? "" : "  " + row.tag()));
        }
        return ExitCode.OK;
    }

    private Image importImage(Contree contree) {
        ImageReference source = ImageReference.parse(reference);
        try (ImportProgress progress = new ImportProgress(terminal, source.text(), !format.json())) {
            String from = onServer || source.local().isEmpty()
                    ? source.text()
                    : source.local().get().send(contree);
            Import wanted = contree.images().importFrom(from).onProgress(progress);
            String name = tag != null ? tag : source.defaultTag().orElse(null);
            wanted = name != null ? wanted.tag(name) : wanted;
            wanted = timeout != null ? wanted.timeout(timeout) : wanted;
            wanted = username != null ? wanted.credentials(username, password()) : wanted;
            return wanted.execute();
        }
    }

    private String password() {
        try {
            String line = new BufferedReader(new InputStreamReader(terminal.in(), StandardCharsets.UTF_8)).readLine();
            if (line == null || line.isEmpty()) {
                throw new CommandFailedException(ExitCode.USAGE, "--password-stdin found nothing on standard input");
            }
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException("could not read the password from standard input: " + e, e);
        }
    }
}
