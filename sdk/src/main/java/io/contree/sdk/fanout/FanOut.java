package io.contree.sdk.fanout;

import io.contree.sdk.Run;
import io.contree.sdk.RunResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A prepared fan-out, a value: items, the run that each of them stands for, and how many run at once. Each method gives
 * another fan-out with one thing changed; nothing runs before {@link #start}, {@link #execute}, {@link #forEach} or {@link
 * #first}.
 *
 * <p>A run that cannot be carried out is an outcome like any other, unless it is to {@link #failFast}. A server that is busy
 * (429) is waited for. Items are drawn one by one as there is room, so there may be endlessly many of them.
 *
 * <p>Each run has a thread that waits for it: a virtual one where the JVM has them, else a daemon that ends with the fan-out.
 */
public final class FanOut<T> {
    private static final int DEFAULT_BOUND = 8;
    private static final Duration DEFAULT_PATIENCE = Duration.ofMinutes(10);

    private final Plan<T> plan;

    /** Everything there is to know before it starts. */
    record Plan<T>(
            Iterable<? extends T> items,
            Function<? super T, Run> run,
            int bound,
            Predicate<? super RunResult> stopWhen,
            boolean failFast,
            Duration patience) {}

    private FanOut(Plan<T> plan) {
        this.plan = plan;
    }

    /** A run for each item, such as a command on each of many images, or each of many commands on one image. */
    public static <T> FanOut<T> over(Iterable<? extends T> items, Function<? super T, Run> run) {
        return new FanOut<>(new Plan<>(items, run, DEFAULT_BOUND, result -> false, false, DEFAULT_PATIENCE));
    }

    public static FanOut<Run> of(Iterable<Run> runs) {
        return over(runs, Function.identity());
    }

    /** This many runs at once; 8 by default. */
    public FanOut<T> atMost(int runs) {
        if (runs < 1) {
            throw new IllegalArgumentException("a fan-out needs room for at least one run, and not for " + runs);
        }
        return new FanOut<>(new Plan<>(plan.items, plan.run, runs, plan.stopWhen, plan.failFast, plan.patience));
    }

    /**
     * Ends with the first result that satisfies this: it is the last outcome, and the other runs are cancelled on the server.
     * The predicate is called on the threads of the runs.
     */
    public FanOut<T> stopWhen(Predicate<? super RunResult> found) {
        return new FanOut<>(new Plan<>(plan.items, plan.run, plan.bound, found, plan.failFast, plan.patience));
    }

    /** The first run that cannot be carried out ends everything: the others are cancelled, and its failure is thrown. */
    public FanOut<T> failFast() {
        return new FanOut<>(new Plan<>(plan.items, plan.run, plan.bound, plan.stopWhen, true, plan.patience));
    }

    /** How long a run may wait for a busy server to accept it before that is a failure; 10 minutes by default. */
    public FanOut<T> patience(Duration patience) {
        return new FanOut<>(new Plan<>(plan.items, plan.run, plan.bound, plan.stopWhen, plan.failFast, patience));
    }

    /** Starts, and gives the outcomes as they come. Close them. */
    public Outcomes<T> start() {
        return new Outcomes<>(Crew.start(plan));
    }

    /** Runs all, or up to the one that {@link #stopWhen} looks for. The outcomes are in the order of the items. */
    public List<Outcome<T>> execute() {
        List<Outcome<T>> outcomes = new ArrayList<>();
        forEach(outcomes::add);
        outcomes.sort(Comparator.comparingInt(Outcome::index));
        return outcomes;
    }

    /**
     * Runs all, or up to the one that {@link #stopWhen} looks for, and hands over each outcome as it comes, on this thread.
     * If the listener throws, or this thread is interrupted, what still runs is cancelled.
     */
    public void forEach(Consumer<? super Outcome<T>> listener) {
        try (Outcomes<T> outcomes = start()) {
            outcomes.forEachRemaining(listener);
        }
    }

    /** Runs until a result satisfies this, and cancels the other runs; empty if none did. */
    public Optional<Outcome<T>> first(Predicate<? super RunResult> wanted) {
        try (Outcomes<T> outcomes = stopWhen(wanted).start()) {
            outcomes.forEachRemaining(outcome -> {});
            return outcomes.hit();
        }
    }
}
