package io.contree.sdk;

import io.contree.api.InstanceResult;
import io.contree.api.LimitReached;
import io.contree.api.RunOutcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How a run ended: its output, its end, and the image it left. */
public final class RunResult {
    private final Api api;
    private final Operation operation;
    private final InstanceResult process;
    private final @Nullable Image tagged;

    private RunResult(Api api, Operation operation, InstanceResult process, @Nullable Image tagged) {
        this.api = api;
        this.operation = operation;
        this.process = process;
        this.tagged = tagged;
    }

    static RunResult of(Api api, Operation operation) {
        return new RunResult(
                api,
                operation,
                operation
                        .process()
                        .orElseThrow(() -> new ServerException("could not read the result of operation "
                                + operation.uuid() + ": it has none; is it an import?")),
                null);
    }

    /** The same with a tag on the image that it left. */
    RunResult tagged(String tag) {
        return new RunResult(api, operation, process, image().tagAs(tag));
    }

    /** Standard output as UTF-8, up to the limit. */
    public String stdout() {
        return new String(stdoutBytes(), StandardCharsets.UTF_8);
    }

    /** Standard error as UTF-8, up to the limit. */
    public String stderr() {
        return new String(stderrBytes(), StandardCharsets.UTF_8);
    }

    public byte[] stdoutBytes() {
        return Outputs.bytes(process.stdout());
    }

    public byte[] stderrBytes() {
        return Outputs.bytes(process.stderr());
    }

    /** True if output of either stream was dropped at the limit. */
    public boolean truncated() {
        return stdoutTruncated() || stderrTruncated();
    }

    public boolean stdoutTruncated() {
        return process.stdout().truncated();
    }

    public boolean stderrTruncated() {
        return process.stderr().truncated();
    }

    /** How it ended, in a word. */
    public Outcome outcome() {
        if (timedOut()) {
            return Outcome.TIMED_OUT;
        }
        if (signal().isPresent()) {
            boolean memory = operation
                    .outcome()
                    .filter(ended -> ended.reason() == RunOutcome.Reason.MEMORY_LIMIT)
                    .isPresent();
            return memory ? Outcome.OUT_OF_MEMORY : Outcome.SIGNALLED;
        }
        return exitCode() == 0 ? Outcome.SUCCEEDED : Outcome.FAILED;
    }

    /**
     * Every limit that it met, with what was allowed and the peak, also where the command went on: such as a child that was
     * killed for memory, a new process that was refused, output that was cut.
     */
    public List<LimitReached> limits() {
        return operation.outcome().map(RunOutcome::limits).orElse(List.of());
    }

    /** A limit, if the run met it; for output the first stream that did. */
    public Optional<LimitReached> limit(LimitReached.Limit which) {
        return operation.outcome().flatMap(outcome -> outcome.limit(which));
    }

    /** The exit code; -1 if a signal ended it. */
    public int exitCode() {
        return process.state().exitCode();
    }

    /** The signal that ended it. */
    public OptionalInt signal() {
        int signal = process.state().signal();
        return signal > 0 ? OptionalInt.of(signal) : OptionalInt.empty();
    }

    /** True if it was ended at its timeout. */
    public boolean timedOut() {
        return process.state().timedOut();
    }

    /** True if it ended by itself with exit code 0. */
    public boolean succeeded() {
        return outcome() == Outcome.SUCCEEDED;
    }

    /** From acceptance to the end, as the server measured. */
    public Duration duration() {
        return operation.duration();
    }

    /** From the start of the command to its end. */
    public Duration elapsed() {
        return Duration.ofNanos((long) (usage().elapsedTime() * 1e9));
    }

    /** What the server charges for it. */
    public double cost() {
        return usage().cost();
    }

    /** What it used: times, memory, and what else {@code struct rusage} counts. */
    public InstanceResult.Resources usage() {
        return process.resources();
    }

    /** The UUID of the state that it left; empty after a disposable run. */
    public Optional<UUID> imageUuid() {
        return operation.resultImage();
    }

    /**
     * The state that it left: the image that it ran on if it changed nothing.
     *
     * @throws IllegalStateException after a disposable run, which leaves none
     */
    public Image image() {
        return tagged != null
                ? tagged
                : new Image(
                        api,
                        imageUuid()
                                .orElseThrow(
                                        () -> new IllegalStateException(
                                                "operation " + operation.uuid()
                                                        + " left no image: it was disposable. Leave disposable() out to go on from its state."))
                                .toString());
    }

    /** What isolated it, such as {@code native}; empty from servers that do not say. See {@link Run#runtime}. */
    public Optional<String> runtime() {
        return operation.runtime();
    }

    /** The operation whose record answered, and nothing ran; empty if it ran. See {@link Run#cache}. */
    public Optional<UUID> cachedFrom() {
        return operation.cachedFrom();
    }

    /** A run of a shell expression on {@link #image()}. */
    public Run shell(String expression) {
        return image().shell(expression);
    }

    /** A run of a program with arguments on {@link #image()}. */
    public Run command(String program, String... arguments) {
        return image().command(program, arguments);
    }

    /** The whole record of the operation. */
    public Operation operation() {
        return operation;
    }

    /** How it ended; without its output, which may be long. */
    @Override
    public String toString() {
        return "RunResult[" + outcome() + ", exit code " + exitCode() + ", operation " + operation.uuid() + "]";
    }
}
