package io.contree.bench.work;

import io.contree.bench.figure.Samples;
import io.contree.bench.machine.Programs;
import io.contree.bench.peer.Peer;
import io.contree.bench.server.MeasuredServer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** The three modes of public leaderboards of sandboxes, each from the request for a sandbox to the first output in it. */
final class BurstWork implements Benchmark {
    private static final String HELLO = "echo hello";
    private static final long STAGGER = 200;

    @Override
    public String name() {
        return "burst";
    }

    @Override
    public String about() {
        return "from asking for a sandbox to its first output: one after the other, one each 200 ms, 100 at once";
    }

    /** Asks for a sandbox and returns how long it took until its first output came, in milliseconds. */
    @FunctionalInterface
    private interface Sandbox {
        double millisToOutput() throws Exception;
    }

    @Override
    public void measure(Bed bed) throws Exception {
        Map<String, Sandbox> systems = new LinkedHashMap<>();
        for (MeasuredServer server : bed.servers()) {
            systems.put(server.name(), () -> server.client().millisToOutput(server.image(), HELLO));
        }
        for (Peer peer : bed.peers()) {
            String image = bed.image(peer);
            systems.put(peer.name(), () -> Programs.millisToOutput(peer.command(image, HELLO)));
        }
        int count = bed.count(100, 10);
        for (Sandbox system : systems.values()) {
            for (int i = 0; i < 3; i++) {
                system.millisToOutput();
            }
        }
        mode(bed, "to output, one after the other", systems, count, 0, 1);
        mode(bed, "to output, one each 200 ms", systems, bed.count(50, 5), STAGGER, bed.count(50, 5));
        mode(bed, "to output, " + count + " at once", systems, count, 0, count);
    }

    private static void mode(Bed bed, String thing, Map<String, Sandbox> systems, int count, long stagger, int atOnce)
            throws Exception {
        Map<String, Samples> samples = new LinkedHashMap<>();
        for (Map.Entry<String, Sandbox> system : systems.entrySet()) {
            List<Callable<Double>> all = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                long waits = i * stagger;
                all.add(() -> {
                    Thread.sleep(waits);
                    return system.getValue().millisToOutput();
                });
            }
            samples.put(system.getKey(), Samples.of(AtOnce.all(Math.min(atOnce, count), all)));
        }
        bed.figures().compare(thing, bed.servers().size(), samples);
        samples.keySet().stream()
                .limit(bed.servers().size())
                .forEach(ours -> samples.forEach((other, measured) -> {
                    Samples own = samples.get(ours);
                    if (own != null && !other.startsWith("contree")) {
                        bed.figures()
                                .ratio(thing + ", p99", ours, other, own.percentile(0.99) / measured.percentile(0.99));
                    }
                }));
    }
}
