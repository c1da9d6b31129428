package io.contree.bench.work;

import io.contree.bench.figure.Samples;
import io.contree.bench.machine.MemoryUse;
import io.contree.bench.machine.Programs;
import io.contree.bench.peer.DockerDaemon;
import io.contree.bench.server.ServerProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** From the start of a server, by the command that users have, until it says that it is ready. */
final class StartWork implements Benchmark {
    @Override
    public String name() {
        return "start";
    }

    @Override
    public String about() {
        return "`contree server` from its start to ready, on a directory that is there, and `dockerd` likewise";
    }

    @Override
    public void measure(Bed bed) throws Exception {
        Path home = bed.home().resolve("start");
        Path dockerHome = bed.home().resolve("start-docker");
        boolean docker = bed.engines().stream().anyMatch(engine -> engine.name().equals("docker"));
        Map<String, List<Double>> millis = new LinkedHashMap<>();
        double resident = 0;
        for (int round = -1; round < bed.count(10, 2); round++) {
            // The first start makes the directory, and the command that is started.
            long start = System.nanoTime();
            try (ServerProcess server = ServerProcess.start(bed.contree(), home, bed.serverOptions())) {
                add(millis, round, "contree server", (System.nanoTime() - start) / 1e6);
                resident = MemoryUse.ofProcess(server.pid()) / 1024.0;
            }
            if (docker) {
                start = System.nanoTime();
                DockerDaemon daemon = DockerDaemon.start(dockerHome);
                add(millis, round, "dockerd", (System.nanoTime() - start) / 1e6);
                daemon.close();
            }
        }
        Map<String, Samples> samples = new LinkedHashMap<>();
        millis.forEach((system, measured) -> samples.put(system, Samples.of(measured)));
        bed.figures().compare("start to ready", 1, samples);
        bed.figures().value("memory when ready", "contree server", resident, "MiB");
        Programs.run(List.of("rm", "-rf", "--one-file-system", home.toString(), dockerHome.toString()));
    }

    private static void add(Map<String, List<Double>> millis, int round, String system, double measured) {
        if (round >= 0) {
            millis.computeIfAbsent(system, name -> new ArrayList<>()).add(measured);
        }
    }
}
