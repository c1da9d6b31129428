package io.contree.bench.work;

import io.contree.bench.figure.Samples;
import io.contree.bench.machine.Programs;
import io.contree.bench.peer.ContainerEngine;
import io.contree.bench.server.Client;
import io.contree.bench.server.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The import of a real Debian image from a file, by a server that has nothing yet, beside {@code load} of the engines. */
final class ImportWork implements Benchmark {
    private static final String IMAGE = "localhost/debian:bench";

    @Override
    public String name() {
        return "import";
    }

    @Override
    public String about() {
        return "a real Debian image from a docker archive into an empty server, beside `load` of docker and podman";
    }

    @Override
    public void measure(Bed bed) throws Exception {
        Path archive;
        try {
            archive = DebianArchive.make(Files.createDirectories(bed.home().resolve("debian")));
        } catch (IOException e) {
            bed.figures().skip("import of Debian", e);
            return;
        }
        Map<String, List<Double>> millis = new LinkedHashMap<>();
        for (int round = 0; round < bed.count(5, 1); round++) {
            add(millis, "contree", byServer(bed, bed.home().resolve("import" + round), archive));
            for (ContainerEngine engine : bed.engines()) {
                add(
                        millis,
                        engine.name() + " load",
                        Samples.time(() -> Programs.run(engine.call("load", "-i", archive.toString()))));
                Programs.run(engine.call("rmi", IMAGE));
            }
        }
        Map<String, Samples> samples = new LinkedHashMap<>();
        millis.forEach((system, measured) -> samples.put(system, Samples.of(measured)));
        bed.figures().compare("import of Debian", 1, samples);
    }

    private static void add(Map<String, List<Double>> millis, String system, double measured) {
        millis.computeIfAbsent(system, name -> new ArrayList<>()).add(measured);
    }

    private static double byServer(Bed bed, Path home, Path archive) throws Exception {
        try (ServerProcess server = ServerProcess.start(home, bed.serverOptions())) {
            Client client = new Client(server.uri(), server.token());
            return Samples.time(() -> client.importImage("docker-archive:" + archive));
        } finally {
            Programs.run(List.of("rm", "-rf", "--one-file-system", home.toString()));
        }
    }
}
