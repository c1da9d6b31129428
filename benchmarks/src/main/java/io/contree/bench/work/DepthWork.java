package io.contree.bench.work;

import io.contree.bench.figure.Samples;
import io.contree.bench.server.Client;
import io.contree.bench.server.MeasuredServer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A chain of runs, each on the image that the one before left and each writing a file: what its depth costs. */
final class DepthWork implements Benchmark {
    private static final int WARM_UP = 30;
    private static final int DIRECTORIES = 100;

    @Override
    public String name() {
        return "depth";
    }

    @Override
    public String about() {
        return "a chain of 1,000 runs (`--depth N` for another number), and `true` at its end beside `true` at its begin";
    }

    @Override
    public void measure(Bed bed) throws Exception {
        for (MeasuredServer server : bed.servers()) {
            measure(bed, server);
        }
    }

    private static void measure(Bed bed, MeasuredServer server) throws Exception {
        Client client = server.client();
        for (int i = 0; i < bed.count(WARM_UP, 5); i++) {
            server.run(step(-i));
        }
        String first = server.run(step(0));
        String last = chain(bed, server, first);
        Map<String, Samples.Work> works = new LinkedHashMap<>();
        works.put(server.name() + ", depth " + bed.depth(), () -> client.run(last, "true"));
        works.put(server.name() + ", depth 1", () -> client.run(first, "true"));
        bed.figures().compare("true in a chain", 1, Bed.measure(5, bed.count(200, 20), works));
    }

    private static String step(int number) {
        String directory = "/steps/" + Math.floorMod(number, DIRECTORIES);
        return "mkdir -p " + directory + " && echo " + number + " > " + directory + "/" + number;
    }

    private static String chain(Bed bed, MeasuredServer server, String first) throws Exception {
        List<Double> millis = new ArrayList<>();
        String image = first;
        int part = Math.max(1, bed.depth() / 4);
        for (int i = 1; i < bed.depth(); i++) {
            long start = System.nanoTime();
            image = server.client().run(image, step(i));
            millis.add((System.nanoTime() - start) / 1e6);
            if (i % part == 0) {
                bed.figures().add("steps to depth " + i, server.name(), Samples.of(millis.subList(i - part, i)));
            }
        }
        Samples all = Samples.of(millis);
        bed.figures().add("all steps", server.name(), all);
        bed.figures().ratio("all steps", server.name() + ", the slowest", "the median", all.slowest() / all.median());
        return image;
    }
}
