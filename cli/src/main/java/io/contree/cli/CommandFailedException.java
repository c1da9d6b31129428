package io.contree.cli;

/** A command that cannot go on, with what to say and the exit code. */
final class CommandFailedException extends RuntimeException {
    private final int exitCode;

    CommandFailedException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
