package io.contree.bench.work;

/** One piece of work, done by the servers and by the peers that can do it. */
public interface Benchmark {
    /** What it is chosen by. */
    String name();

    /** What it measures, in a line. */
    String about();

    void measure(Bed bed) throws Exception;
}
