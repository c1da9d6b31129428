package io.contree.sdk;

/** How the command of a run ended. In every case, except after a disposable run, there is an image of what it did. */
public enum Outcome {
    /** By itself, with exit code 0. */
    SUCCEEDED,
    /** By itself, with another exit code. */
    FAILED,
    /** By a signal, for any reason but memory. */
    SIGNALLED,
    /** By the kernel, because the run had used up its memory. */
    OUT_OF_MEMORY,
    /** At its timeout, which ended it. */
    TIMED_OUT
}
