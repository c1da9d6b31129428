package io.contree.cli;

/** The exit codes of every command; docs/cli.md lists them for users. {@code contree run} has a table of its own. */
final class ExitCode {
    static final int OK = 0;
    /** The work was done and came out as a failure: an operation FAILED, a claim did not hold, a check is missing. */
    static final int FAILED = 1;
    /** The command line or the request is wrong. */
    static final int USAGE = 2;

    static final int NOT_FOUND = 3;
    /** The token is missing, unknown, or lacks a permission. */
    static final int NOT_ALLOWED = 4;
    /** The server cannot be reached, is busy, or answers nonsense. */
    static final int UNAVAILABLE = 5;

    /** Of {@code run}: the command was stopped at its timeout, as timeout(1) says it. */
    static final int RUN_TIMED_OUT = 124;
    /** Of {@code run}: contree failed, and not the command. */
    static final int RUN_FAILED = 125;
    /** Of {@code run}: the program is not there or cannot be executed. */
    static final int RUN_NOT_STARTED = 127;
    /** Of {@code run}: added to the number of the signal that ended the command, as shells do. */
    static final int RUN_SIGNAL = 128;

    private ExitCode() {}
}
