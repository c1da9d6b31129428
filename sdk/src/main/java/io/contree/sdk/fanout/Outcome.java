package io.contree.sdk.fanout;

import io.contree.sdk.RunResult;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What became of one run of a fan-out. A command that fails has a result; a run that could not be carried out has none. */
public final class Outcome<T> {
    private final int index;
    private final T item;
    private final @Nullable RunResult result;
    private final @Nullable RuntimeException failure;

    private Outcome(int index, T item, @Nullable RunResult result, @Nullable RuntimeException failure) {
        this.index = index;
        this.item = item;
        this.result = result;
        this.failure = failure;
    }

    static <T> Outcome<T> of(int index, T item, RunResult result) {
        return new Outcome<>(index, item, result, null);
    }

    static <T> Outcome<T> failed(int index, T item, RuntimeException failure) {
        return new Outcome<>(index, item, null, failure);
    }

    /** The place of its item, from 0. */
    public int index() {
        return index;
    }

    public T item() {
        return item;
    }

    /**
     * How the run ended.
     *
     * @throws RuntimeException the {@link #failure} if it did not end by itself
     */
    public RunResult result() {
        if (failure != null) {
            throw failure;
        }
        if (result == null) {
            throw new IllegalStateException("neither result nor failure");
        }
        return result;
    }

    /** Why there is no result: mostly a {@link io.contree.sdk.ContreeClientException}. */
    public Optional<RuntimeException> failure() {
        return Optional.ofNullable(failure);
    }

    /** True if there is a result, and it {@linkplain RunResult#succeeded succeeded}. */
    public boolean succeeded() {
        return result != null && result.succeeded();
    }

    @Override
    public String toString() {
        return "Outcome[" + index + ", " + (result != null ? "exit code " + result.exitCode() : failure) + "]";
    }
}
