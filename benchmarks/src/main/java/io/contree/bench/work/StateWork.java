package io.contree.bench.work;

import io.contree.bench.figure.Samples;
import io.contree.bench.peer.ContainerEngine;
import io.contree.bench.server.MeasuredServer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A run that leaves a new state of one small file, beside run, commit and rm of the engines. */
final class StateWork implements Benchmark {
    @Override
    public String name() {
        return "state";
    }

    @Override
    public String about() {
        return "a run that leaves a new state of one small file, beside run + commit + rm of docker and podman";
    }

    @Override
    public void measure(Bed bed) throws Exception {
        AtomicInteger number = new AtomicInteger();
        Map<String, Samples.Work> works = new LinkedHashMap<>();
        for (MeasuredServer server : bed.servers()) {
            works.put(server.name(), () -> server.run("echo " + number.incrementAndGet() + " > /new"));
        }
        for (ContainerEngine engine : bed.engines()) {
            String image = bed.image(engine);
            works.put(
                    engine.name() + " run + commit",
                    () -> engine.commit(image, "echo " + number.incrementAndGet() + " > /new"));
        }
        bed.compare("one small file", 3, bed.count(100, 20), works);
    }
}
