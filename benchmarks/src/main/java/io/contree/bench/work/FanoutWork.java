package io.contree.bench.work;

import io.contree.bench.figure.Samples;
import io.contree.bench.machine.Programs;
import io.contree.bench.peer.ContainerEngine;
import io.contree.bench.server.MeasuredServer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** Branches from one image, all asked for at once, each leaving a state of its own. */
final class FanoutWork implements Benchmark {
    private static final int BRANCHES = 100;
    private static final int BRANCHES_OF_ENGINES = 10;

    @Override
    public String name() {
        return "fanout";
    }

    @Override
    public String about() {
        return "100 branches of one image at once, per branch, beside crun run and run + commit by as many shells as cores";
    }

    @Override
    public void measure(Bed bed) throws Exception {
        int cores = Runtime.getRuntime().availableProcessors();
        Map<String, Samples.Work> works = new LinkedHashMap<>();
        Map<String, Integer> branches = new LinkedHashMap<>();
        for (MeasuredServer server : bed.servers()) {
            works.put(server.name(), () -> AtOnce.all(BRANCHES, branches(BRANCHES, server::run)));
            branches.put(server.name(), BRANCHES);
        }
        String root = bed.image(bed.crun());
        works.put(
                "crun run, no state",
                () -> AtOnce.all(
                        cores, branches(BRANCHES, shell -> run(bed.crun().command(root, shell)))));
        branches.put("crun run, no state", BRANCHES);
        for (ContainerEngine engine : bed.engines()) {
            String image = bed.image(engine);
            String name = engine.name() + " run + commit";
            works.put(
                    name, () -> AtOnce.all(cores, branches(BRANCHES_OF_ENGINES, shell -> engine.commit(image, shell))));
            branches.put(name, BRANCHES_OF_ENGINES);
        }
        Map<String, Samples> perBranch = new LinkedHashMap<>();
        Bed.measure(1, bed.count(5, 1), works)
                .forEach((system, samples) -> perBranch.put(system, each(samples, branches.getOrDefault(system, 1))));
        bed.figures().compare("a branch of a fan-out", bed.servers().size(), perBranch);
    }

    private static Samples each(Samples samples, int branches) {
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < samples.rounds(); i++) {
            millis.add(samples.percentile(i / Math.max(1.0, samples.rounds() - 1)) / branches);
        }
        return Samples.of(millis);
    }

    /** Makes one branch and returns what it is called by. */
    @FunctionalInterface
    private interface Branch {
        String make(String shell) throws Exception;
    }

    private static String run(List<String> command) throws Exception {
        Programs.run(command);
        return "";
    }

    private static List<Callable<String>> branches(int count, Branch branch) {
        List<Callable<String>> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String shell = "echo " + i + " > /branch";
            all.add(() -> branch.make(shell));
        }
        return all;
    }
}
