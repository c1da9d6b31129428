package io.contree.cli.command;

import io.contree.cli.terminal.CommandFailedException;
import io.contree.cli.terminal.ExitCode;
import io.contree.sdk.Contree;
import io.contree.sdk.Image;
import io.contree.sdk.OperationFailedException;
import io.contree.sdk.Run;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is run, and how. */
final class RunOptions {
    @Parameters(index = "0", paramLabel = "IMAGE", description = "UUID or tag; with ~N behind it, N steps back.")
    private String image;

    @Parameters(index = "1..*", paramLabel = "COMMAND", arity = "1..*", description = "Program with its arguments.")
    private List<String> command = new ArrayList<>();

    @Option(
            names = {"-s", "--shell"},
            description = "COMMAND is a shell expression, run with the environment of the image.")
    private boolean shell;

    @Option(
            names = {"-e", "--env"},
            paramLabel = "NAME[=VALUE]",
            description = "Set a variable; without a value, to its value here. Repeatable.")
    private List<String> env = new ArrayList<>();

    @Option(
            names = {"-C", "--cwd"},
            paramLabel = "DIR",
            description = "Working directory; made if missing.")
    private @Nullable String cwd;

    @Option(
            names = {"-F", "--file"},
            paramLabel = "LOCAL:PATH[:mMODE][:uUID][:gGID]",
            description = "Put a file from this machine into the image before the command starts. Repeatable.")
    private List<String> files = new ArrayList<>();

    @Option(
            names = {"-D", "--disposable"},
            description = "Throw the state away; there is no image afterwards.")
    private boolean disposable;

    @Option(
            names = {"-t", "--timeout"},
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "End the command after this time, such as 90s or 10m (default: the server's, 60s).")
    private @Nullable Duration timeout;

    @Option(
            names = {"-u", "--user"},
            paramLabel = "USER[:GROUP]",
            description =
                    "Run as this user, by name or number, with the groups that the image gives it (default root).")
    private @Nullable String user;

    @Option(names = "--hostname", paramLabel = "NAME", description = "Host name inside.")
    private @Nullable String hostname;

    @Option(names = "--preserve-env", description = "The variables become part of the resulting image.")
    private boolean preserveEnv;

    @Option(
            names = "--output-limit",
            paramLabel = "BYTES",
            defaultValue = "10485760",
            description = "Keep this much of each output stream (default and maximum: 10485760).")
    private int outputLimit;

    @Option(names = "--max-layer-bytes", paramLabel = "BYTES", description = "Let the command write this much.")
    private @Nullable Long maxLayerBytes;

    @Option(names = "--network", negatable = true, description = "With or without a network (default: the server's).")
    private @Nullable Boolean network;

    @Option(
            names = "--runtime",
            paramLabel = "NAME",
            description =
                    "Isolate it with this runtime, of those that the server allows (default: the server's usual one).")
    private @Nullable String runtime;

    @Option(
            names = "--cache",
            description =
                    "If an equal run with --cache is remembered, its result answers and nothing runs. Needs --no-network"
                            + " where runs have a network by default.")
    private boolean cache;

    @Option(
            names = {"-i", "--stdin"},
            description = "Wait for standard input however long it takes to come.")
    private boolean awaitStdin;

    @SuppressWarnings("NullAway.Init") // picocli sets image
    RunOptions() {}

    /** The run that these options ask for. */
    Run prepare(Contree contree) {
        Image on = contree.images().use(image);
        Run run = shell ? on.shell(String.join(" ", command)) : on.command(command);
        for (String variable : env) {
            run = withVariable(run, variable);
        }
        for (String file : files) {
            run = FileArgument.parse(file).placeInto(run);
        }
        return withSettings(run.outputLimit(outputLimit));
    }

    /** Whether the run is to wait for standard input. */
    boolean awaitsStdin() {
        return awaitStdin;
    }

    /** True if the failure is that the program is missing or cannot be executed, which the server says in these words. */
    boolean saysNotStarted(OperationFailedException failure) {
        return failure.getMessage() != null && failure.getMessage().startsWith("spawn failed");
    }

    private Run withSettings(Run prepared) {
        Run run = prepared;
        run = cwd != null ? run.cwd(cwd) : run;
        run = disposable ? run.disposable() : run;
        run = timeout != null ? run.timeout(timeout) : run;
        run = user != null ? run.user(user) : run;
        run = hostname != null ? run.hostname(hostname) : run;
        run = preserveEnv ? run.preserveEnv() : run;
        run = maxLayerBytes != null ? run.maxLayerBytes(maxLayerBytes) : run;
        run = runtime != null ? run.runtime(runtime) : run;
        run = cache ? run.cache() : run;
        return network != null ? run.networking(network) : run;
    }

    private static Run withVariable(Run run, String variable) {
        int equal = variable.indexOf('=');
        String name = equal < 0 ? variable : variable.substring(0, equal);
        String value = equal < 0 ? System.getenv(name) : variable.substring(equal + 1);
        if (name.isEmpty()) {
            throw new CommandFailedException(ExitCode.USAGE, "-e " + variable + " has no name before the =");
        }
        return value == null ? run : run.env(name, value);
    }
}
