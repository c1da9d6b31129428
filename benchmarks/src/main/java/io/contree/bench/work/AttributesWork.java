package io.contree.bench.work;

import io.contree.bench.figure.Samples;
import io.contree.bench.server.Client;
import io.contree.bench.server.MeasuredServer;
import java.util.LinkedHashMap;
import java.util.Map;

/** A change of attributes of a large file of an earlier run, beside a run that changes a small file. */
final class AttributesWork implements Benchmark {
    private static final Map<String, ?> TIME = Map.of("timeout", 600);

    @Override
    public String name() {
        return "chmod";
    }

    @Override
    public String about() {
        return "chmod and append of a file of 1 GB of an earlier run, beside a chmod of a small one";
    }

    @Override
    public void measure(Bed bed) throws Exception {
        int megabytes = bed.count(1024, 128);
        for (MeasuredServer server : bed.servers()) {
            Client client = server.client();
            String image = client.run(
                    server.image(),
                    "mkdir /d && dd if=/dev/urandom of=/d/large bs=1M count=" + megabytes + " && echo small > /d/small",
                    TIME);
            Map<String, Samples.Work> works = new LinkedHashMap<>();
            String large = server.name() + ", " + megabytes + " MB";
            works.put(large + ": chmod", () -> client.run(image, "chmod 600 /d/large", TIME));
            works.put(large + ": rename", () -> client.run(image, "mv /d/large /d/moved", TIME));
            works.put(large + ": append", () -> client.run(image, "echo more >> /d/large", TIME));
            works.put(server.name() + ", a few bytes: chmod", () -> client.run(image, "chmod 600 /d/small", TIME));
            bed.figures().compare("a file of an earlier run", 3, Bed.measure(1, bed.count(10, 3), works));
        }
    }
}
