package io.contree.bench.figure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** Durations of one repeated thing, in milliseconds. */
public final class Samples {
    private final double[] sortedMillis;

    private Samples(double[] sortedMillis) {
        this.sortedMillis = sortedMillis;
    }

    /** What is measured; it may fail. */
    @FunctionalInterface
    public interface Work {
        void run() throws Exception;
    }

    /** What was measured elsewhere, at least one. */
    public static Samples of(Collection<Double> millis) {
        return sorted(millis.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /** Repeats one after the other, after some warm-up rounds that do not count. */
    public static Samples of(int warmUp, int rounds, Work work) throws Exception {
        return inTurn(warmUp, rounds, List.of(work)).getFirst();
    }

    /** Several things in turn, A B C A B C, so that a machine that drifts drifts for all. */
    public static List<Samples> inTurn(int warmUp, int rounds, List<Work> works) throws Exception {
        for (int i = 0; i < warmUp; i++) {
            for (Work work : works) {
                work.run();
            }
        }
        double[][] millis = new double[works.size()][rounds];
        for (int i = 0; i < rounds; i++) {
            for (int which = 0; which < works.size(); which++) {
                millis[which][i] = time(works.get(which));
            }
        }
        List<Samples> samples = new ArrayList<>();
        for (double[] one : millis) {
            samples.add(sorted(one));
        }
        return samples;
    }

    /** How long one thing takes, in milliseconds. */
    public static double time(Work work) throws Exception {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e6;
    }

    private static Samples sorted(double[] millis) {
        Arrays.sort(millis);
        return new Samples(millis);
    }

    /** @param p of 0 to 1 */
    public double percentile(double p) {
        return sortedMillis[(int) Math.min(sortedMillis.length - 1L, Math.round(p * (sortedMillis.length - 1)))];
    }

    public double median() {
        return percentile(0.5);
    }

    public double slowest() {
        return percentile(1);
    }

    public int rounds() {
        return sortedMillis.length;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "p50 %8.1f ms   p95 %8.1f ms   p99 %8.1f ms   (%d rounds)",
                median(),
                percentile(0.95),
                percentile(0.99),
                sortedMillis.length);
    }
}
