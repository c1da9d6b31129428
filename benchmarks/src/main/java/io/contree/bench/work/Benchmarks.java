package io.contree.bench.work;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** All benchmarks, in the order in which they are done. */
public final class Benchmarks {
    /** What {@code --quick} does by itself. */
    private static final Set<String> QUICK = Set.of("true", "python", "state", "fanout");

    private Benchmarks() {}

    public static List<Benchmark> all() {
        return List.of(
                new TrueWork(),
                new StateWork(),
                new PythonWork(),
                new FirstWork(),
                new StartWork(),
                new LargeImageWork(),
                new SessionWork(),
                new FanoutWork(),
                new ThroughputWork(),
                new InspectWork(),
                new BurstWork(),
                new MemoryWork(),
                new FsyncWork(),
                new OutputWork(),
                new AttributesWork(),
                new ImportWork(),
                new DepthWork());
    }

    public static List<Benchmark> quick() {
        return all().stream()
                .filter(benchmark -> QUICK.contains(benchmark.name()))
                .toList();
    }

    public static Optional<Benchmark> named(String name) {
        return all().stream().filter(benchmark -> benchmark.name().equals(name)).findFirst();
    }
}
