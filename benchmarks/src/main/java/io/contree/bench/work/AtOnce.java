package io.contree.bench.work;

import io.contree.bench.figure.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Work that several do at the same time. */
final class AtOnce {
    private AtOnce() {}

    /** Has everything done once, so many at a time, and fails if one of them does; returns what they returned. */
    static <T> List<T> all(int atOnce, List<Callable<T>> works) throws Exception {
        List<T> results = new ArrayList<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(atOnce)) {
            for (Future<T> work : pool.invokeAll(works)) {
                results.add(work.get());
            }
        }
        return results;
    }

    /** Has one thing done over and over until a time is up; returns how often it was done. */
    static long during(int seconds, int workers, Samples.Work work) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        AtomicLong done = new AtomicLong();
        List<Callable<Long>> all = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            all.add(() -> {
                while (System.nanoTime() < end) {
                    work.run();
                    done.incrementAndGet();
                }
                return done.get();
            });
        }
        all(workers, all);
        return done.get();
    }
}
