package io.contree.api;

import org.jspecify.annotations.Nullable;

/**
 * How a process of a run ended, with its output up to where it was truncated.
 *
 * @param outcome of a further process that has ended: what decided, and the limits that were met in its sandbox while
 *     it ran; the main process's is in the record of the run
 */
public record InstanceResult(
        StreamRepr stdout,
        StreamRepr stderr,
        State state,
        Resources resources,
        @Nullable RunOutcome outcome) {
    /** While it runs, {@code exitCode} and {@code signal} are both -1. */
    public record State(
            int exitCode,
            int signal,
            int pid,
            boolean timedOut,
            boolean coreDump,
            boolean stopped,
            boolean continued) {}

    /** Times in seconds, {@code maxRss} in KiB, the rest as {@code struct rusage} counts. */
    public record Resources(
            double elapsedTime,
            double monotonicTime,
            double userCpuTime,
            double systemCpuTime,
            long maxRss,
            long sharedMemory,
            long unsharedMemory,
            long pageFaults,
            long pageFaultsIo,
            long swaps,
            long blockInput,
            long blockOutput,
            long signals,
            long voluntarySwitches,
            long involuntarySwitches,
            double cost) {}
}
