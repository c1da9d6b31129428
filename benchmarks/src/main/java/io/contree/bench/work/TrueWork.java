package io.contree.bench.work;

import io.contree.bench.figure.Samples;
import io.contree.bench.machine.Programs;
import io.contree.bench.peer.CrunPeer;
import io.contree.bench.peer.Peer;
import io.contree.bench.server.Client;
import io.contree.bench.server.MeasuredServer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The shortest run, over HTTP: its state kept, thrown away, and with a network. */
final class TrueWork implements Benchmark {
    @Override
    public String name() {
        return "true";
    }

    @Override
    public String about() {
        return "`true` over HTTP with its state kept, thrown away, and with a network, beside `crun run` and the engines";
    }

    @Override
    public void measure(Bed bed) throws Exception {
        Map<String, Samples.Work> kept = new LinkedHashMap<>();
        Map<String, Samples.Work> more = new LinkedHashMap<>();
        for (MeasuredServer server : bed.servers()) {
            Client client = server.client();
            kept.put(server.name(), () -> client.run(server.image(), "true", Client.network(false)));
            more.put(server.name() + ", thrown away", () -> server.runDisposable("true"));
            if (client.hasNetwork()) {
                more.put(
                        server.name() + ", with a network",
                        () -> client.run(server.image(), "true", Client.network(true)));
            } else {
                bed.figures()
                        .skip(
                                "true, with a network, " + server.name(),
                                "the server can give none here; ./contree doctor says why");
            }
        }
        for (Peer peer : bed.peers()) {
            String image = bed.image(peer);
            more.put(peer.name(), () -> Programs.run(peer.command(image, "true")));
        }
        Map<String, Samples.Work> all = new LinkedHashMap<>(kept);
        all.putAll(more);
        Map<String, Samples> samples = Bed.measure(5, bed.count(200, 30), all);
        compare(bed, samples);
        for (MeasuredServer server : bed.servers()) {
            sameConfiguration(bed, server);
        }
    }

    private static void compare(Bed bed, Map<String, Samples> samples) {
        samples.forEach((system, measured) -> bed.figures().add("true", system, measured));
        for (MeasuredServer server : bed.servers()) {
            samples.forEach((system, measured) -> {
                if (!system.startsWith(server.name())) {
                    return;
                }
                for (Peer peer : bed.peers()) {
                    Samples other = samples.get(peer.name());
                    if (other != null) {
                        bed.figures().ratio("true", system, peer.name(), measured.median() / other.median());
                    }
                }
            });
            Samples with = samples.get(server.name() + ", with a network");
            Samples without = samples.get(server.name());
            if (with != null && without != null) {
                bed.figures()
                        .ratio(
                                "true",
                                server.name() + ", with a network",
                                server.name() + " without",
                                with.median() / without.median());
            }
        }
    }

    /** Beside {@code crun run} with the same root, namespaces, limits and filter as a live run of the server. */
    private static void sameConfiguration(Bed bed, MeasuredServer server) throws Exception {
        String hostname = "bench-crun";
        String alive = server.client()
                .spawn(server.image(), "sleep 600", Map.of("hostname", hostname, "timeout", 600, "disposable", true));
        try {
            server.client().awaitExecuting(alive);
            Path bundle = server.process().home().resolve("crun");
            if (!CrunPeer.has(hostname)) {
                bed.figures().skip("true, same configuration, " + server.name(), "its runs have no OCI bundle");
                return;
            }
            CrunPeer crun = CrunPeer.like(hostname, bundle);
            Map<String, Samples.Work> works = new LinkedHashMap<>();
            works.put(server.name(), () -> server.run("true"));
            works.put("crun run, same configuration", crun::run);
            bed.figures().compare("true, same configuration", 1, Bed.measure(5, bed.count(200, 30), works));
        } finally {
            server.client().cancel(alive);
        }
    }
}
