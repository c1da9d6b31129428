package io.contree.sdk;

import io.contree.api.InstanceResult;
import io.contree.api.RunOutcome;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;

/** What a process in a run did, at the moment when it was asked for. */
public final class ProcessResult {
    private final InstanceResult result;

    ProcessResult(InstanceResult result) {
        this.result = result;
    }

    /** True if it had not ended. */
    public boolean isAlive() {
        return result.state().exitCode() == -1 && result.state().signal() == -1;
    }

    /** The exit code; -1 while it runs, and if a signal ended it. */
    public int exitCode() {
        return result.state().exitCode();
    }

    /** The signal that ended it. */
    public OptionalInt signal() {
        int signal = result.state().signal();
        return signal > 0 ? OptionalInt.of(signal) : OptionalInt.empty();
    }

    /** True if it ended by itself with exit code 0. */
    public boolean succeeded() {
        return exitCode() == 0 && signal().isEmpty();
    }

    /**
     * What decided how it ended, and the limits that were met in its sandbox while it ran; empty while it runs, for the main
     * process, which has that of the run, and from servers that do not say.
     */
    public Optional<RunOutcome> outcome() {
        return Optional.ofNullable(result.outcome());
    }

    /** Its number inside the sandbox. */
    public int pid() {
        return result.state().pid();
    }

    /** Standard output so far as UTF-8, up to the limit. */
    public String stdout() {
        return new String(stdoutBytes(), StandardCharsets.UTF_8);
    }

    /** Standard error so far as UTF-8, up to the limit. */
    public String stderr() {
        return new String(stderrBytes(), StandardCharsets.UTF_8);
    }

    public byte[] stdoutBytes() {
        return Outputs.bytes(result.stdout());
    }

    public byte[] stderrBytes() {
        return Outputs.bytes(result.stderr());
    }

    public boolean stdoutTruncated() {
        return result.stdout().truncated();
    }

    public boolean stderrTruncated() {
        return result.stderr().truncated();
    }

    /** What it used: times, memory, and what else {@code struct rusage} counts. */
    public InstanceResult.Resources usage() {
        return result.resources();
    }
}
