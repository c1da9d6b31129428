package io.contree.sdk.async;

import io.contree.api.InstanceResult;
import io.contree.api.LimitReached;
import io.contree.sdk.Operation;
import io.contree.sdk.Outcome;
import io.contree.sdk.RunResult;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/** The twin of {@link RunResult}; it is all there, so nothing of it waits. */
public final class AsyncRunResult {
    private final RunResult result;
    private final Calls calls;

    AsyncRunResult(RunResult result, Calls calls) {
        this.result = result;
        this.calls = calls;
    }

    /** Twin of {@link RunResult#stdout()}. */
    public String stdout() {
        return result.stdout();
    }

    /** Twin of {@link RunResult#stderr()}. */
    public String stderr() {
        return result.stderr();
    }

    public byte[] stdoutBytes() {
        return result.stdoutBytes();
    }

    public byte[] stderrBytes() {
        return result.stderrBytes();
    }

    /** Twin of {@link RunResult#truncated()}. */
    public boolean truncated() {
        return result.truncated();
    }

    public boolean stdoutTruncated() {
        return result.stdoutTruncated();
    }

    public boolean stderrTruncated() {
        return result.stderrTruncated();
    }

    /** Twin of {@link RunResult#outcome()}. */
    public Outcome outcome() {
        return result.outcome();
    }

    /** Twin of {@link RunResult#limits()}. */
    public List<LimitReached> limits() {
        return result.limits();
    }

    /** Twin of {@link RunResult#limit}. */
    public Optional<LimitReached> limit(LimitReached.Limit which) {
        return result.limit(which);
    }

    /** Twin of {@link RunResult#elapsed()}. */
    public Duration elapsed() {
        return result.elapsed();
    }

    /** Twin of {@link RunResult#cost()}. */
    public double cost() {
        return result.cost();
    }

    /** Twin of {@link RunResult#shell(String)}. */
    public AsyncRun shell(String expression) {
        return new AsyncRun(result.shell(expression), calls);
    }

    /** Twin of {@link RunResult#command(String, String...)}. */
    public AsyncRun command(String program, String... arguments) {
        return new AsyncRun(result.command(program, arguments), calls);
    }

    /** Twin of {@link RunResult#exitCode()}. */
    public int exitCode() {
        return result.exitCode();
    }

    /** Twin of {@link RunResult#signal()}. */
    public OptionalInt signal() {
        return result.signal();
    }

    /** Twin of {@link RunResult#timedOut()}. */
    public boolean timedOut() {
        return result.timedOut();
    }

    /** Twin of {@link RunResult#succeeded()}. */
    public boolean succeeded() {
        return result.succeeded();
    }

    /** Twin of {@link RunResult#duration()}. */
    public Duration duration() {
        return result.duration();
    }

    /** Twin of {@link RunResult#usage()}. */
    public InstanceResult.Resources usage() {
        return result.usage();
    }

    /** Twin of {@link RunResult#imageUuid()}. */
    public Optional<UUID> imageUuid() {
        return result.imageUuid();
    }

    /** Twin of {@link RunResult#image()}. */
    public AsyncImage image() {
        return new AsyncImage(result.image(), calls);
    }

    /** Twin of {@link RunResult#runtime()}. */
    public Optional<String> runtime() {
        return result.runtime();
    }

    /** Twin of {@link RunResult#cachedFrom()}. */
    public Optional<UUID> cachedFrom() {
        return result.cachedFrom();
    }

    /** Twin of {@link RunResult#operation()}. */
    public Operation operation() {
        return result.operation();
    }

    /** The same result for the client that waits. */
    public RunResult blocking() {
        return result;
    }
}
