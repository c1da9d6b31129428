package io.contree.cli.operator;

import io.contree.cli.command.DurationConverter;
import io.contree.cli.command.FormatOptions;
import io.contree.cli.terminal.CommandFailedException;
import io.contree.cli.terminal.ExitCode;
import io.contree.cli.terminal.Printer.Column;
import io.contree.cli.terminal.Terminal;
import io.contree.server.Administration;
import io.contree.server.Administration.CreatedToken;
import io.contree.server.Administration.TokenRow;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code contree tokens}: for the operator, on the data directory. */
@Command(
        name = "tokens",
        description = "Makes, lists, weighs and revokes tokens, on the machine of a running or stopped server.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
public final class TokensCommand implements Runnable {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets spec
    public TokensCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name a command: create, list, weight or revoke.");
    }

    @Command(
            name = "create",
            description = "Makes a token and prints it, only this once.",
            mixinStandardHelpOptions = true)
    int create(
            @Mixin DataOptions data,
            @Mixin DataOptions.Project project,
            @Mixin FormatOptions format,
            @Option(
                            names = "--permissions",
                            paramLabel = "NAME",
                            split = ",",
                            description =
                                    "Only these, of: spawn, spawn_disposable, list, cancel, import, set_image_tag, import_local.")
                    @Nullable
                    List<String> only,
            @Option(
                            names = "--with",
                            paramLabel = "NAME",
                            split = ",",
                            description = "Also these: import_local, which no token has by default.")
                    @Nullable
                    List<String> with,
            @Option(names = "--without", paramLabel = "NAME", split = ",", description = "All but these.") @Nullable
                    List<String> without,
            @Option(
                            names = "--expires",
                            paramLabel = "TIME",
                            converter = DurationConverter.class,
                            description = "End after this time, such as 12h or 30d (default: never).")
                    @Nullable
                    Duration expires,
            @Option(
                            names = "--weight",
                            paramLabel = "N",
                            defaultValue = "1",
                            description =
                                    "Share of the turns among tokens of the project where work waits, 1 to 100 (default: 1).")
                    int weight) {
        Set<String> permissions = new LinkedHashSet<>(only == null ? Administration.usualPermissions() : only);
        if (with != null) {
            permissions.addAll(with);
        }
        if (without != null) {
            if (!Administration.permissions().containsAll(without)) {
                throw new CommandFailedException(
                        ExitCode.USAGE,
                        "--without: unknown permission; there are " + String.join(", ", Administration.permissions()));
            }
            without.forEach(permissions::remove);
        }
        Optional<Instant> end = Optional.ofNullable(expires).map(Instant.now()::plus);
        try (Administration administration = data.open()) {
            CreatedToken created = administration.createToken(project.name(), permissions, end, weight);
            format.printer(terminal).record(created, created.token());
        }
        return ExitCode.OK;
    }

    @Command(name = "list", description = "Lists tokens, oldest first.", mixinStandardHelpOptions = true)
    int list(@Mixin DataOptions data, @Mixin DataOptions.Project project, @Mixin FormatOptions format) {
        try (Administration administration = data.open()) {
            format.printer(terminal)
                    .table(
                            administration.tokens(project.name()),
                            List.of(
                                    new Column<TokenRow>(
                                            "TOKEN", row -> row.uuid().toString()),
                                    new Column<>("PROJECT", row -> row.project().toString()),
                                    new Column<>("CREATED", row -> seconds(row.createdAt())),
                                    new Column<>("EXPIRES", row -> seconds(row.expiresAt())),
                                    new Column<>("WEIGHT", row -> Integer.toString(row.weight())),
                                    new Column<>("PERMISSIONS", row -> String.join(",", row.permissions()))));
        }
        return ExitCode.OK;
    }

    @Command(
            name = "weight",
            description = "Gives tokens another weight, from the next request on.",
            mixinStandardHelpOptions = true)
    int weight(
            @Mixin DataOptions data,
            @Parameters(index = "0", paramLabel = "N", description = "1 to 100.") int weight,
            @Parameters(index = "1..*", paramLabel = "TOKEN", description = "UUIDs as list shows them.", arity = "1..*")
                    List<UUID> tokens) {
        try (Administration administration = data.open()) {
            tokens.forEach(token -> administration.weighToken(token, weight));
        }
        return ExitCode.OK;
    }

    @Command(name = "revoke", description = "Ends a token, from the next request on.", mixinStandardHelpOptions = true)
    int revoke(
            @Mixin DataOptions data,
            @Parameters(paramLabel = "TOKEN", description = "UUIDs as list shows them.", arity = "1..*")
                    List<UUID> tokens) {
        try (Administration administration = data.open()) {
            tokens.forEach(administration::revokeToken);
        }
        return ExitCode.OK;
    }

    private static String seconds(@Nullable Instant instant) {
        return instant == null ? "-" : instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
