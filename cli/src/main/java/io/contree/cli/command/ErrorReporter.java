package io.contree.cli.command;

import io.contree.cli.pool.PoolException;
import io.contree.cli.terminal.CommandFailedException;
import io.contree.cli.terminal.ExitCode;
import io.contree.cli.terminal.Terminal;
import io.contree.sdk.CallInterruptedException;
import io.contree.sdk.ClientClosedException;
import io.contree.sdk.ConfigurationException;
import io.contree.sdk.ConflictException;
import io.contree.sdk.ContreeClientException;
import io.contree.sdk.InvalidRequestException;
import io.contree.sdk.LocalFileException;
import io.contree.sdk.NotAllowedException;
import io.contree.sdk.NotFoundException;
import io.contree.sdk.OperationCancelledException;
import io.contree.sdk.OperationFailedException;
import io.contree.sdk.ServerException;
import io.contree.sdk.SessionException;
import io.contree.sdk.TransportException;
import io.contree.sdk.UnavailableException;
import io.contree.sdk.WaitTimeoutException;
import java.io.UncheckedIOException;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Reports failures in a line, and turns them into exit codes. Stack traces only with {@code CONTREE_DEBUG=1}. */
public final class ErrorReporter implements IExecutionExceptionHandler {
    private final Terminal terminal;

    public ErrorReporter(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine line, ParseResult parsed) {
        return report(terminal, failure);
    }

    /** Reports a command line that cannot be understood; {@code run} has an exit code that is not its command's. */
    public static int usage(ParameterException failure, String[] args) {
        CommandLine line = failure.getCommandLine();
        line.getErr().println("contree: " + failure.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(failure, line.getErr());
        line.getErr().println("Try '" + line.getCommandSpec().qualifiedName() + " --help'.");
        return line.getCommand() instanceof RunCommand ? ExitCode.RUN_FAILED : ExitCode.USAGE;
    }

    public static int report(Terminal terminal, Exception failure) {
        terminal.err().println("contree: " + message(failure));
        if ("1".equals(System.getenv("CONTREE_DEBUG"))) {
            failure.printStackTrace(terminal.err());
        }
        return code(failure);
    }

    private static String message(Exception failure) {
        if (failure instanceof ContreeClientException
                || failure instanceof CommandFailedException
                || failure instanceof PoolException
                || failure instanceof io.contree.api.ContreeException) {
            return Objects.requireNonNullElse(failure.getMessage(), failure.toString());
        }
        if (failure instanceof UncheckedIOException io && io.getMessage() != null) {
            return io.getMessage();
        }
        return "this should not happen, please report it: " + failure + " (CONTREE_DEBUG=1 shows where)";
    }

    static int code(Exception failure) {
        return switch (failure) {
            case CommandFailedException f -> f.exitCode();
            case io.contree.api.ContreeException f ->
                switch (f.code()) {
                    case NOT_FOUND -> ExitCode.NOT_FOUND;
                    case INVALID_ARGUMENT -> ExitCode.USAGE;
                    default -> ExitCode.FAILED;
                };
            case ContreeClientException f ->
                switch (f) {
                    case ConfigurationException c -> ExitCode.NOT_ALLOWED;
                    case InvalidRequestException c -> ExitCode.USAGE;
                    case ClientClosedException c -> ExitCode.FAILED;
                    case LocalFileException c -> ExitCode.FAILED;
                    case NotFoundException c -> ExitCode.NOT_FOUND;
                    case NotAllowedException c -> ExitCode.NOT_ALLOWED;
                    case ConflictException c -> ExitCode.FAILED;
                    case OperationFailedException c -> ExitCode.FAILED;
                    case OperationCancelledException c -> ExitCode.FAILED;
                    case SessionException c -> ExitCode.FAILED;
                    case WaitTimeoutException c -> ExitCode.FAILED;
                    case CallInterruptedException c -> ExitCode.FAILED;
                    case UnavailableException c -> ExitCode.UNAVAILABLE;
                    case TransportException c -> ExitCode.UNAVAILABLE;
                    case ServerException c -> ExitCode.UNAVAILABLE;
                };
            default -> ExitCode.FAILED;
        };
    }
}
