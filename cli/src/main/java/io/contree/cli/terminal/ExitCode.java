package io.contree.cli.terminal;

/** The exit codes of every command; docs/cli.md lists them for users. {@code contree run} has a table of its own. */
public final class ExitCode {
    public static final int OK = 0;
    /** The work was done and came out as a failure: an operation FAILED, a claim did not hold, a check is missing. */
    public static final int FAILED = 1;
    /** The command line or the request is wrong. */
    public static final int USAGE = 2;

    public static final int NOT_FOUND = 3;
    /** The token is missing, unknown, or lacks a permission. */
    public static final int NOT_ALLOWED = 4;
    /** The server cannot be reached, is busy, or answers nonsense. */
    public static final int UNAVAILABLE = 5;

    /** Of {@code fsck}: there were faults, and all were repaired. */
    public static final int REPAIRED = 6;

    /** Of {@code fsck}: nothing is known, since the data could not be read as a whole. */
    public static final int NOT_CHECKED = 8;

    /** Of {@code run}: the command was stopped at its timeout, as timeout(1) says it. */
    public static final int RUN_TIMED_OUT = 124;
    /** Of {@code run}: contree failed, and not the command. */
    public static final int RUN_FAILED = 125;
    /** Of {@code run}: the program is not there or cannot be executed. */
    public static final int RUN_NOT_STARTED = 127;
    /** Of {@code run}: added to the number of the signal that ended the command, as shells do. */
    public static final int RUN_SIGNAL = 128;

    private ExitCode() {}
}
