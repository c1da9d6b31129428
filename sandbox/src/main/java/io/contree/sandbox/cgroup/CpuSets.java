package io.contree.sandbox.cgroup;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Gives each sandbox with a limit of CPU time as many cores as the limit needs: programs start as many threads as they see cores.
 * It gets the ones that carry least, and keeps them while it runs. Safe for use by several threads.
 */
public final class CpuSets {
    private final List<Integer> cores;
    /** Of each core: the CPU time per time that sandboxes on it may use. */
    private final double[] load;
    /** Where the search begins: cores that carry the same take turns. */
    private int next;

    /** @param cores the numbers of those that sandboxes may have; empty if they cannot be told apart here */
    public CpuSets(List<Integer> cores) {
        this.cores = List.copyOf(cores);
        this.load = new double[cores.size()];
    }

    /** Cores for a limit; empty if it leaves a sandbox all of them. */
    public synchronized Optional<CpuSet> take(double cpus) {
        int wanted = (int) Math.ceil(Math.min(cpus, Integer.MAX_VALUE));
        if (wanted >= cores.size()) {
            return Optional.empty();
        }
        List<Integer> chosen = IntStream.range(0, cores.size())
                .map(i -> (next + i) % cores.size())
                .boxed()
                .sorted((a, b) -> Double.compare(load[a], load[b]))
                .limit(wanted)
                .toList();
        next = (chosen.getLast() + 1) % cores.size();
        double share = cpus / wanted;
        add(chosen, share);
        List<Integer> numbers = new ArrayList<>(chosen.stream().map(cores::get).toList());
        numbers.sort(null);
        return Optional.of(new CpuSet(numbers, () -> add(chosen, -share)));
    }

    private synchronized void add(List<Integer> indexes, double share) {
        indexes.forEach(index -> load[index] += share);
    }
}
