package io.contree.bench.work;

import io.contree.bench.figure.Samples;
import io.contree.bench.peer.ContainerEngine;
import io.contree.bench.server.MeasuredServer;
import java.util.ArrayList;
import java.util.List;

/** A session of steps, each on the state that the one before left. */
final class SessionWork implements Benchmark {
    private static final int STEPS = 100;
    private static final int STEPS_OF_ENGINES = 20;

    @Override
    public String name() {
        return "session";
    }

    @Override
    public String about() {
        return "100 steps that read and write files, each on the state before it: its slowest step and its median";
    }

    @Override
    public void measure(Bed bed) throws Exception {
        List<Samples> ours = new ArrayList<>();
        for (MeasuredServer server : bed.servers()) {
            session(server, 5);
            Samples samples = session(server, STEPS);
            ours.add(samples);
            bed.figures().add("step of a session", server.name(), samples);
            bed.figures()
                    .ratio(
                            "step of a session",
                            server.name() + ", the slowest",
                            "the median",
                            samples.slowest() / samples.median());
        }
        for (ContainerEngine engine : bed.engines()) {
            Samples samples = session(bed, engine, bed.count(STEPS_OF_ENGINES, 5));
            bed.figures().add("step of a session", engine.name() + " run + commit", samples);
            for (int i = 0; i < ours.size(); i++) {
                bed.figures()
                        .ratio(
                                "step of a session",
                                bed.servers().get(i).name(),
                                engine.name() + " run + commit",
                                ours.get(i).median() / samples.median());
            }
        }
    }

    private static String step(int number) {
        return "mkdir -p /steps && echo " + number
                + " >> /steps/log && wc -l /steps/log > /steps/count && ls -l /steps";
    }

    private static Samples session(MeasuredServer server, int steps) throws Exception {
        List<Double> millis = new ArrayList<>();
        String image = server.image();
        for (int i = 0; i < steps; i++) {
            long start = System.nanoTime();
            image = server.client().run(image, step(i));
            millis.add((System.nanoTime() - start) / 1e6);
        }
        return Samples.of(millis);
    }

    private static Samples session(Bed bed, ContainerEngine engine, int steps) throws Exception {
        List<Double> millis = new ArrayList<>();
        String image = bed.image(engine);
        for (int i = 0; i < steps; i++) {
            long start = System.nanoTime();
            image = engine.commit(image, step(i));
            millis.add((System.nanoTime() - start) / 1e6);
        }
        return Samples.of(millis);
    }
}
