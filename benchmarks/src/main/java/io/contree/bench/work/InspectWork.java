package io.contree.bench.work;

import io.contree.bench.figure.Samples;
import io.contree.bench.machine.Programs;
import io.contree.bench.peer.ContainerEngine;
import io.contree.bench.server.MeasuredServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The bytes of one file of an image, alone and while sixteen workers run. */
final class InspectWork implements Benchmark {
    private static final int WORKERS = 16;
    private static final int SECONDS_OF_WARM_UP = 1;

    @Override
    public String name() {
        return "inspect";
    }

    @Override
    public String about() {
        return "the bytes of one file of an image: alone, while 16 workers run, and by `cp` of the engines";
    }

    @Override
    public void measure(Bed bed) throws Exception {
        List<Samples> alone = new ArrayList<>();
        for (MeasuredServer server : bed.servers()) {
            Samples.Work read = () -> server.client().read(server.image(), "/etc/passwd");
            Samples quiet = Samples.of(20, bed.count(1000, 100), read);
            alone.add(quiet);
            bed.figures().add("inspect a file", server.name(), quiet);
            Samples busy = whileRunning(bed, server, read);
            bed.figures().add("inspect a file", server.name() + ", 16 workers", busy);
            bed.figures()
                    .ratio(
                            "inspect a file",
                            server.name() + ", 16 workers",
                            server.name() + " alone",
                            busy.median() / quiet.median());
        }
        for (ContainerEngine engine : bed.engines()) {
            byEngine(bed, engine, alone);
        }
    }

    private static Samples whileRunning(Bed bed, MeasuredServer server, Samples.Work read) throws Exception {
        int seconds = bed.count(20, 3);
        try (ExecutorService beside = Executors.newSingleThreadExecutor()) {
            Future<Long> load =
                    beside.submit(() -> AtOnce.during(seconds + SECONDS_OF_WARM_UP, WORKERS, () -> server.run("true")));
            Thread.sleep(1000L * SECONDS_OF_WARM_UP);
            List<Double> millis = new ArrayList<>();
            long end = System.nanoTime() + seconds * 900_000_000L;
            while (System.nanoTime() < end) {
                millis.add(Samples.time(read));
                Thread.sleep(5);
            }
            load.get();
            return Samples.of(millis);
        }
    }

    private static void byEngine(Bed bed, ContainerEngine engine, List<Samples> alone) throws Exception {
        String image = bed.image(engine);
        Programs.run(engine.call("create", "--name", "inspected", image, "/bin/true"));
        try {
            Samples samples = Samples.of(
                    2, bed.count(20, 3), () -> Programs.run(engine.call("cp", "inspected:/etc/passwd", "-")));
            bed.figures().add("inspect a file", engine.name() + " cp", samples);
            for (int i = 0; i < alone.size(); i++) {
                bed.figures()
                        .ratio(
                                "inspect a file",
                                bed.servers().get(i).name(),
                                engine.name() + " cp",
                                alone.get(i).median() / samples.median());
            }
        } finally {
            Programs.run(engine.call("rm", "inspected"));
        }
    }
}
