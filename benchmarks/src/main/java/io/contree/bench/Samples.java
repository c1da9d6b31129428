package io.contree.bench;

import java.util.Arrays;
import java.util.Locale;

/** Durations of one repeated thing, in milliseconds. */
final class Samples {
    private final double[] sortedMillis;

    private Samples(double[] sortedMillis) {
        this.sortedMillis = sortedMillis;
    }

    /** What is measured; it may fail. */
    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }

    /** Repeats one after the other, after some warm-up rounds that do not count. */
    static Samples of(int warmUp, int rounds, Work work) throws Exception {
        for (int i = 0; i < warmUp; i++) {
            work.run();
        }
        double[] millis = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            millis[i] = time(work);
        }
        return sorted(millis);
    }

    /** Two things in turn, A B A B, so that a machine that drifts drifts for both. */
    static Samples[] pair(int warmUp, int rounds, Work a, Work b) throws Exception {
        for (int i = 0; i < warmUp; i++) {
            a.run();
            b.run();
        }
        double[] ofA = new double[rounds];
        double[] ofB = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            ofA[i] = time(a);
            ofB[i] = time(b);
        }
        return new Samples[] {sorted(ofA), sorted(ofB)};
    }

    private static double time(Work work) throws Exception {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e6;
    }

    private static Samples sorted(double[] millis) {
        Arrays.sort(millis);
        return new Samples(millis);
    }

    double percentile(double p) {
        return sortedMillis[(int) Math.min(sortedMillis.length - 1L, Math.round(p * (sortedMillis.length - 1)))];
    }

    double median() {
        return percentile(0.5);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "p50 %7.1f ms   p90 %7.1f ms   (%d rounds)",
                median(),
                percentile(0.9),
                sortedMillis.length);
    }
}
