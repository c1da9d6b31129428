package io.contree.sdk;

/** How the command of a run ended. In every case but that of a disposable run there is an image of what it did. */
public enum Outcome {
    /** By itself, with exit code 0. */
    SUCCEEDED,
    /** By itself, with another exit code. */
    FAILED,
    /** By a signal. */
    SIGNALLED,
    /** At its timeout, which ended it. */
    TIMED_OUT
}
