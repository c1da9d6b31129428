package io.contree.bench.work;

import io.contree.bench.figure.Figures;
import io.contree.bench.figure.Samples;
import io.contree.bench.machine.ProcessorTime;
import io.contree.bench.machine.Programs;
import io.contree.bench.server.MeasuredServer;
import java.util.ArrayList;
import java.util.List;

/** Workers that run {@code true} for a minute: how often, and what of the machine's processors one run takes. */
final class ThroughputWork implements Benchmark {
    @Override
    public String name() {
        return "throughput";
    }

    @Override
    public String about() {
        return "1, 4 and 16 workers for a minute: runs per second and CPU time of the machine per run, beside two shells of crun";
    }

    /** @param cpu milliseconds of CPU time of the whole machine for one run, the measuring included */
    private record Rate(String system, double perSecond, double cpu) {}

    @Override
    public void measure(Bed bed) throws Exception {
        int seconds = bed.count(60, 3);
        int cores = Runtime.getRuntime().availableProcessors();
        String root = bed.image(bed.crun());
        Rate crun = rate(
                bed.figures(),
                "crun run, " + cores + " shells",
                seconds,
                cores,
                () -> Programs.run(bed.crun().command(root, "true")));
        List<Rate> ours = new ArrayList<>();
        for (int workers : new int[] {1, 4, 16}) {
            for (MeasuredServer server : bed.servers()) {
                ours.add(rate(
                        bed.figures(),
                        server.name() + ", " + workers + " workers",
                        seconds,
                        workers,
                        () -> server.run("true")));
            }
        }
        for (Rate rate : ours) {
            bed.figures().ratio("runs per second", rate.system(), crun.system(), rate.perSecond() / crun.perSecond());
            bed.figures().ratio("CPU time of a run", rate.system(), crun.system(), rate.cpu() / crun.cpu());
        }
    }

    private static Rate rate(Figures figures, String system, int seconds, int workers, Samples.Work work)
            throws Exception {
        AtOnce.during(1, workers, work);
        ProcessorTime before = ProcessorTime.now();
        long start = System.nanoTime();
        long runs = AtOnce.during(seconds, workers, work);
        double took = (System.nanoTime() - start) / 1e9;
        Rate rate = new Rate(system, runs / took, ProcessorTime.now().since(before) / runs);
        figures.value("runs per second", system, rate.perSecond(), "/s");
        figures.value("CPU time of a run", system, rate.cpu(), "ms");
        return rate;
    }
}
