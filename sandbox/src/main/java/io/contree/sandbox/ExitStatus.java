package io.contree.sandbox;

import java.time.Duration;

/**
 * How a process ended.
 *
 * @param code exit code, -1 if a signal ended it
 * @param signal signal number, -1 if it exited
 */
public record ExitStatus(
        int pid, int code, int signal, boolean timedOut, boolean coreDumped, Duration duration, ResourceUsage usage) {
    /** {@code struct rusage} as wait4 gives it: times in microseconds, {@code maxRss} in KiB. */
    public record ResourceUsage(
            long userMicros,
            long systemMicros,
            long maxRss,
            long sharedMemory,
            long unsharedData,
            long unsharedStack,
            long minorFaults,
            long majorFaults,
            long swaps,
            long blockInput,
            long blockOutput,
            long messagesSent,
            long messagesReceived,
            long signals,
            long voluntarySwitches,
            long involuntarySwitches) {}
}
