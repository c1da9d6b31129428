package io.contree.cli;

import io.contree.api.Uuids;
import io.contree.cli.command.CollectCommand;
import io.contree.cli.command.DemoCommand;
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
import java.util.UUID;
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
        int code = commandLine().execute(args);
        if (terminal.out().checkError() && code == ExitCode.OK) {
            terminal.err()
                    .println(
                            "contree: could not write all of the output: nobody reads it any more, or its disk is full");
            return ExitCode.FAILED;
        }
        return code;
    }

    CommandLine commandLine() {
        CommandLine images = new CommandLine(new ImagesCommand(terminal))
                .addSubcommand("import", new ImportCommand(terminal))
                .addSubcommand("publish", new PublishCommand(terminal))
                .addSubcommand("unpublish", new UnpublishCommand());
        CommandLine line = new CommandLine(this)
                .addSubcommand("server", new ServerCommand(terminal))
                .addSubcommand("images", images)
                .addSubcommand("run", new RunCommand(terminal))
                .addSubcommand("rm", new RemoveCommand(terminal))
                .addSubcommand("pin", new PinCommand())
                .addSubcommand("unpin", new PinCommand.Unpin())
                .addSubcommand("usage", new UsageCommand(terminal))
                .addSubcommand("gc", new CollectCommand(terminal))
                .addSubcommand("tokens", new TokensCommand(terminal))
                .addSubcommand("projects", new ProjectsCommand(terminal))
                .addSubcommand("pool", new PoolCommand(terminal, new Pools()))
                .addSubcommand("backup", new BackupCommand(terminal))
                .addSubcommand("restore", new RestoreCommand(terminal))
                .addSubcommand("demo", new DemoCommand(terminal))
                .addSubcommand("fsck", new FsckCommand(terminal))
                .addSubcommand("doctor", new DoctorCommand(terminal))
                .addSubcommand("version", new VersionCommand(terminal))
                .addSubcommand("warm-up", new WarmUpCommand(terminal));
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

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name a command; contree --help lists them.");
    }
}
