package io.contree.cli;

import io.contree.api.Uuids;
import io.contree.cli.command.CollectCommand;
import io.contree.cli.command.DemoCommand;
import io.contree.cli.command.DiffCommand;
import io.contree.cli.command.DoctorCommand;
import io.contree.cli.command.ErrorReporter;
import io.contree.cli.command.ImagesCommand;
import io.contree.cli.command.ImportCommand;
import io.contree.cli.command.PinCommand;
import io.contree.cli.command.RemoveCommand;
import io.contree.cli.command.RunCommand;
import io.contree.cli.command.ServerCommand;
import io.contree.cli.command.UsageCommand;
import io.contree.cli.command.Version;
import io.contree.cli.command.VersionCommand;
import io.contree.cli.history.LabelCommand;
import io.contree.cli.history.LogCommand;
import io.contree.cli.history.ShowCommand;
import io.contree.cli.operator.BackupCommand;
import io.contree.cli.operator.FsckCommand;
import io.contree.cli.operator.PoolCommand;
import io.contree.cli.operator.ProjectsCommand;
import io.contree.cli.operator.PublishCommand;
import io.contree.cli.operator.RestoreCommand;
import io.contree.cli.operator.TokensCommand;
import io.contree.cli.operator.UnpublishCommand;
import io.contree.cli.pool.Pools;
import io.contree.cli.terminal.ExitCode;
import io.contree.cli.terminal.Terminal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The command with all its subcommands, on a given terminal. */
@Command(
        name = "contree",
        description = "Runs commands on filesystem states that branch like git.",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class CommandLineProgram implements Runnable {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets spec
    CommandLineProgram(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Runs one command line and returns its exit code. */
    int run(String... args) {
        int code = commandLine(args).execute(args);
        if (terminal.out().checkError() && code == ExitCode.OK) {
            terminal.err()
                    .println(
                            "contree: could not write all of the output: nobody reads it any more, or its disk is full");
            return ExitCode.FAILED;
        }
        return code;
    }

    /**
     * Knows all verbs, or, if the first argument is one, this verb alone: learning all of them takes longer than most commands.
     *
     * @param args what is to be executed
     */
    CommandLine commandLine(String... args) {
        Map<String, Supplier<Object>> verbs = verbs();
        if (args.length > 0 && verbs.containsKey(args[0])) {
            verbs.keySet().retainAll(Set.of(args[0]));
        }
        CommandLine line = new CommandLine(this);
        verbs.forEach((name, command) -> line.addSubcommand(name, command.get()));
        line.setOut(terminal.outWriter());
        line.setErr(terminal.errWriter());
        // A command to run may have an argument that begins with @, and means it.
        line.setExpandAtFiles(false);
        line.registerConverter(
                UUID.class,
                value -> Uuids.parse(value)
                        .orElseThrow(() -> new TypeConversionException("'" + value + "' is not a UUID")));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler(new ErrorReporter(terminal));
        line.setParameterExceptionHandler(ErrorReporter::usage);
        return line;
    }

    /** In the order in which help lists them. */
    private Map<String, Supplier<Object>> verbs() {
        Map<String, Supplier<Object>> verbs = new LinkedHashMap<>();
        verbs.put("server", () -> new ServerCommand(terminal));
        verbs.put(
                "images",
                () -> new CommandLine(new ImagesCommand(terminal))
                        .addSubcommand("import", new ImportCommand(terminal))
                        .addSubcommand("publish", new PublishCommand(terminal))
                        .addSubcommand("unpublish", new UnpublishCommand()));
        verbs.put("run", () -> new RunCommand(terminal));
        verbs.put("diff", () -> new DiffCommand(terminal));
        verbs.put("log", () -> new LogCommand(terminal));
        verbs.put("show", () -> new ShowCommand(terminal));
        verbs.put("label", () -> new LabelCommand(terminal));
        verbs.put("rm", () -> new RemoveCommand(terminal));
        verbs.put("pin", PinCommand::new);
        verbs.put("unpin", PinCommand.Unpin::new);
        verbs.put("usage", () -> new UsageCommand(terminal));
        verbs.put("gc", () -> new CollectCommand(terminal));
        verbs.put("tokens", () -> new TokensCommand(terminal));
        verbs.put("projects", () -> new ProjectsCommand(terminal));
        verbs.put("pool", () -> new PoolCommand(terminal, new Pools()));
        verbs.put("backup", () -> new BackupCommand(terminal));
        verbs.put("restore", () -> new RestoreCommand(terminal));
        verbs.put("demo", () -> new DemoCommand(terminal));
        verbs.put("fsck", () -> new FsckCommand(terminal));
        verbs.put("doctor", () -> new DoctorCommand(terminal));
        verbs.put("version", () -> new VersionCommand(terminal));
        verbs.put("warm-up", () -> new WarmUpCommand(terminal));
        return verbs;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name a command; contree --help lists them.");
    }
}
