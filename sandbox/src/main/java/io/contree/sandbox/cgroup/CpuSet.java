package io.contree.sandbox.cgroup;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/** Cores that a sandbox may use, and others may use too. */
public final class CpuSet implements AutoCloseable {
    private final List<Integer> cores;
    private final Runnable whenClosed;
    private final AtomicBoolean closed = new AtomicBoolean();

    CpuSet(List<Integer> cores, Runnable whenClosed) {
        this.cores = List.copyOf(cores);
        this.whenClosed = whenClosed;
    }

    /** Their numbers, ascending. */
    public List<Integer> cores() {
        return cores;
    }

    /** The same as the kernel writes it: {@code 0,2,3}. */
    public String text() {
        return cores.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    /** The sandbox has ended. Idempotent. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            whenClosed.run();
        }
    }
}
