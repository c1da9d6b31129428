package io.contree.bench.work;

import io.contree.bench.figure.Samples;
import io.contree.bench.machine.Programs;
import io.contree.bench.peer.Peer;
import io.contree.bench.sdk.FreshJvm;
import io.contree.bench.server.MeasuredServer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A program that is started anew for one result: the command, the Java client, and the commands of the peers. */
final class FirstWork implements Benchmark {
    @Override
    public String name() {
        return "first";
    }

    @Override
    public String about() {
        return "a fresh process until its result: `contree run`, `contree images`, the Java client, the commands of the peers";
    }

    @Override
    public void measure(Bed bed) throws Exception {
        Map<String, Samples.Work> works = new LinkedHashMap<>();
        Map<String, Samples.Work> java = new LinkedHashMap<>();
        for (MeasuredServer server : bed.servers()) {
            works.put(server.name() + " run", command(bed, server, "run", server.image(), "--", "echo", "hello"));
            List<String> fresh = FreshJvm.command(server.process(), server.image());
            java.put(server.name() + ", Java client", () -> Programs.output(fresh));
            java.put(server.name() + " images", command(bed, server, "images"));
        }
        for (Peer peer : bed.peers()) {
            works.put(peer.name(), bed.by(peer, "echo hello"));
        }
        works.putAll(java);
        Map<String, Samples> samples = Bed.measure(2, bed.count(20, 3), works);
        for (MeasuredServer server : bed.servers()) {
            Map<String, Samples> others = new LinkedHashMap<>(samples);
            others.keySet().removeIf(system -> system.startsWith("contree") && !system.equals(server.name() + " run"));
            bed.figures().compare("first result", 1, others);
        }
        java.keySet().forEach(system -> add(bed, system, samples));
    }

    private static void add(Bed bed, String system, Map<String, Samples> samples) {
        Samples measured = samples.get(system);
        if (measured != null) {
            bed.figures().add("first result", system, measured);
        }
    }

    private static Samples.Work command(Bed bed, MeasuredServer server, String... arguments) {
        List<String> command = new ArrayList<>(bed.contree());
        command.addAll(List.of(arguments));
        Map<String, String> profile = Map.of(
                "CONTREE_HOME", server.process().home().resolve("profile").toString());
        return () -> Programs.output(command, profile);
    }
}
