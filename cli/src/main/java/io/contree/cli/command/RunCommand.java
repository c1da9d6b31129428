package io.contree.cli.command;

import io.contree.api.RunOutcome;
import io.contree.cli.terminal.CommandFailedException;
import io.contree.cli.terminal.ExitCode;
import io.contree.cli.terminal.LiveOutput;
import io.contree.cli.terminal.MetLimits;
import io.contree.cli.terminal.PipedInput;
import io.contree.cli.terminal.Terminal;
import io.contree.sdk.Contree;
import io.contree.sdk.ContreeClientException;
import io.contree.sdk.Execution;
import io.contree.sdk.OperationFailedException;
import io.contree.sdk.Run;
import io.contree.sdk.RunResult;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code contree run}: the command's output as it comes, and its exit code. */
@Command(
        name = "run",
        description = "Runs a command on an image; the state that it leaves is the next image.",
        customSynopsis = "contree run IMAGE [OPTIONS] -- COMMAND [ARG…]",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Exit code: the command's; 124 timed out, 125 contree failed, 127 the program could not be",
            "started, 128 + N ended by signal N, 130 interrupted."
        })
public final class RunCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    private RunOptions options = new RunOptions();

    @Option(
            names = "--json",
            description = "Print the record of the operation, with the output in it, and nothing else.")
    private boolean json;

    @Option(names = "--tag", paramLabel = "TAG", description = "Name for the image that the command leaves.")
    private @Nullable String tag;

    public RunCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        try (Contree contree = connection.connect()) {
            Run run = options.prepare(contree);
            RunResult result = carryOut(new PipedInput(terminal).start(run, options.awaitsStdin()));
            if (tag != null && result.imageUuid().isPresent()) {
                result.image().tagAs(tag);
            }
            report(result);
            return exitCode(result);
        } catch (OperationFailedException e) {
            terminal.err().println("contree: " + e.getMessage());
            if (!json) {
                MetLimits.lines(e.outcome()).forEach(terminal.err()::println);
            }
            return options.saysNotStarted(e) ? ExitCode.RUN_NOT_STARTED : ExitCode.RUN_FAILED;
        } catch (ContreeClientException | CommandFailedException e) {
            ErrorReporter.report(terminal, e);
            return ExitCode.RUN_FAILED;
        }
    }

    /** Waits for the end; an interrupt from the terminal cancels the run before this process ends. */
    private RunResult carryOut(Execution execution) {
        Thread cancel = new Thread(execution::cancel, "cancel");
        Runtime.getRuntime().addShutdownHook(cancel);
        try {
            return json ? execution.await() : execution.follow(new LiveOutput(terminal, execution));
        } finally {
            stopListening(cancel);
        }
    }

    private static void stopListening(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending already, and the hook does its work.
        }
    }

    private void report(RunResult result) {
        if (json) {
            terminal.out().println(result.operation().json());
            return;
        }
        Optional<RunOutcome> outcome = result.operation().outcome();
        MetLimits.lines(outcome).forEach(terminal.err()::println);
        if (result.timedOut() && outcome.isEmpty()) {
            terminal.err().println("contree: the command was ended at its timeout; the state it left is kept");
        }
        if (terminal.interactiveErr()) {
            result.cachedFrom()
                    .ifPresent(run -> terminal.err().println("nothing ran; this is the result of run " + run));
            result.imageUuid().ifPresent(uuid -> terminal.err().println("image " + uuid));
        }
    }

    private static int exitCode(RunResult result) {
        if (result.timedOut()) {
            return ExitCode.RUN_TIMED_OUT;
        }
        return result.signal().isPresent()
                ? ExitCode.RUN_SIGNAL + result.signal().getAsInt()
                : result.exitCode();
    }
}
