package io.contree.cli.operator;

import io.contree.cli.command.FormatOptions;
import io.contree.cli.terminal.CommandFailedException;
import io.contree.cli.terminal.ExitCode;
import io.contree.cli.terminal.Printer.Column;
import io.contree.cli.terminal.Terminal;
import io.contree.server.Administration;
import io.contree.server.Administration.LimitChange;
import io.contree.server.Administration.ProjectRow;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code contree projects}: for the operator, on the data directory. */
@Command(
        name = "projects",
        description = "Makes and lists projects and sets their limits, on the machine of a running or stopped server.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
public final class ProjectsCommand implements Runnable {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets spec
    public ProjectsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** The limits on a command line. */
    static final class LimitOptions {
        @Option(names = "--instance-max-timeout", paramLabel = "SECONDS", description = "Longest run; 0: the server's.")
        private @Nullable Integer runTimeout;

        @Option(
                names = "--instance-max-concurrency",
                paramLabel = "N",
                description = "Runs at the same time; 0: the server's.")
        private @Nullable Integer runs;

        @Option(
                names = "--images-import-max-timeout",
                paramLabel = "SECONDS",
                description = "Longest import; 0: the server's.")
        private @Nullable Integer importTimeout;

        @Option(
                names = "--images-import-max-concurrency",
                paramLabel = "N",
                description = "Imports at the same time; 0: the server's.")
        private @Nullable Integer imports;

        @Option(
                names = "--weight",
                paramLabel = "N",
                description = "Share of the turns among projects where work waits, 1 to 100 (default: 1).")
        private @Nullable Integer weight;

        LimitChange change() {
            try {
                return new LimitChange(
                        limit(runTimeout),
                        limit(runs),
                        limit(importTimeout),
                        limit(imports),
                        Optional.ofNullable(weight));
            } catch (IllegalArgumentException e) {
                throw new CommandFailedException(ExitCode.USAGE, "a limit is 1 or more, or 0 for the server's");
            }
        }

        private static Optional<Integer> limit(@Nullable Integer value) {
            if (value != null && value < 0) {
                throw new IllegalArgumentException("negative");
            }
            return Optional.ofNullable(value);
        }
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name a command: create, list, limits or retention.");
    }

    @Command(name = "create", description = "Makes a project and prints its UUID.", mixinStandardHelpOptions = true)
    int create(
            @Mixin DataOptions data,
            @Mixin LimitOptions limits,
            @Mixin FormatOptions format,
            @Parameters(paramLabel = "NAME") String name) {
        try (Administration administration = data.open()) {
            ProjectRow made = administration.createProject(name, limits.change());
            format.printer(terminal).record(made, made.uuid().toString());
        }
        return ExitCode.OK;
    }

    @Command(name = "list", description = "Lists projects, oldest first.", mixinStandardHelpOptions = true)
    int list(@Mixin DataOptions data, @Mixin FormatOptions format) {
        try (Administration administration = data.open()) {
            print(format, administration.projects());
        }
        return ExitCode.OK;
    }

    @Command(
            name = "limits",
            description = "Changes the given limits, and prints all.",
            mixinStandardHelpOptions = true)
    int limits(
            @Mixin DataOptions data,
            @Mixin LimitOptions limits,
            @Mixin FormatOptions format,
            @Parameters(paramLabel = "PROJECT", description = "Name or UUID.") String project) {
        try (Administration administration = data.open()) {
            print(format, List.of(administration.limit(project, limits.change())));
        }
        return ExitCode.OK;
    }

    @Command(
            name = "retention",
            description = "Says what a project keeps, and prints it.",
            mixinStandardHelpOptions = true)
    int retention(
            @Mixin DataOptions data,
            @Mixin FormatOptions format,
            @Parameters(paramLabel = "PROJECT", description = "Name or UUID.") String project,
            @Parameters(
                            paramLabel = "RULES",
                            description =
                                    "Such as images=30d/10000/100GiB,uploads=7d,operations=90d,logs=30d; none to keep"
                                            + " everything; server for what the server's setting says.")
                    String rules) {
        try (Administration administration = data.open()) {
            Optional<String> own = rules.equals("server") ? Optional.empty() : Optional.of(rules);
            print(format, List.of(administration.retain(project, own)));
        }
        return ExitCode.OK;
    }

    private void print(FormatOptions format, List<ProjectRow> rows) {
        format.printer(terminal)
                .table(
                        rows,
                        List.of(
                                new Column<ProjectRow>(
                                        "PROJECT", row -> row.uuid().toString()),
                                new Column<>("NAME", ProjectRow::name),
                                new Column<>("RUN SECONDS", row -> shown(row.instanceMaxTimeout())),
                                new Column<>("RUNS", row -> shown(row.instanceMaxConcurrency())),
                                new Column<>("IMPORT SECONDS", row -> shown(row.imagesImportMaxTimeout())),
                                new Column<>("IMPORTS", row -> shown(row.imagesImportMaxConcurrency())),
                                new Column<>("WEIGHT", row -> Integer.toString(row.weight())),
                                new Column<>("KEEPS", row -> row.retention() == null ? "-" : row.retention())));
    }

    private static String shown(@Nullable Integer limit) {
        return limit == null ? "-" : limit.toString();
    }
}
