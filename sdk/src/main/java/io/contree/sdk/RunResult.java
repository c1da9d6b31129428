package io.contree.sdk;

import io.contree.api.Encoding;
import io.contree.api.InstanceResult;
import io.contree.api.StreamRepr;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/** How a run ended: its output, its end, and the image it left. */
public final class RunResult {
    private final Api api;
    private final Operation operation;
    private final InstanceResult process;

    private RunResult(Api api, Operation operation, InstanceResult process) {
        this.api = api;
        this.operation = operation;
        this.process = process;
    }

    static RunResult of(Api api, Operation operation) {
        return new RunResult(
                api,
                operation,
                operation
                        .process()
                        .orElseThrow(() -> new ServerException("could not read the result of operation "
                                + operation.uuid() + ": it has none; is it an import?")));
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
        return bytes(process.stdout());
    }

    public byte[] stderrBytes() {
        return bytes(process.stderr());
    }

    /** True if output was dropped at the limit. */
    public boolean truncated() {
        return process.stdout().truncated() || process.stderr().truncated();
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
        return exitCode() == 0 && !timedOut() && signal().isEmpty();
    }

    /** From acceptance to the end, as the server measured. */
    public Duration duration() {
        return operation.duration();
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
        return new Image(
                api,
                imageUuid()
                        .orElseThrow(() -> new IllegalStateException("operation " + operation.uuid()
                                + " left no image: it was disposable. Leave disposable() out to go on from its state."))
                        .toString());
    }

    /** The whole record of the operation. */
    public Operation operation() {
        return operation;
    }

    private static byte[] bytes(StreamRepr stream) {
        return Outputs.decode(stream.value(), stream.encoding() == Encoding.BASE64);
    }
}
