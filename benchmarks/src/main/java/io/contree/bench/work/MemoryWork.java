package io.contree.bench.work;

import io.contree.bench.machine.MemoryUse;
import io.contree.bench.peer.Peer;
import io.contree.bench.server.MeasuredServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a sandbox that does nothing takes of the machine's memory: programs, kernel, and what the server holds for it. */
final class MemoryWork implements Benchmark {
    /** As many as a server runs at a time by default. */
    private static final int SANDBOXES = 16;

    private static final long SETTLES = 2000;
    private static final String IDLE = "echo ready; read line";

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public String about() {
        return "memory of the machine per sandbox that does nothing, 16 at a time, and of a server at rest";
    }

    @Override
    public void measure(Bed bed) throws Exception {
        Map<String, Double> kib = new LinkedHashMap<>();
        for (MeasuredServer server : bed.servers()) {
            bed.figures()
                    .value(
                            "server at rest",
                            server.name(),
                            MemoryUse.ofProcess(server.process().pid()) / 1024.0,
                            "MiB");
            server.runDisposable("true");
            kib.put(server.name(), ofServer(server));
        }
        for (Peer peer : bed.peers()) {
            kib.put(peer.name(), ofPeer(peer, bed.image(peer)));
        }
        kib.forEach((system, value) -> bed.figures().value("an idle sandbox", system, value / 1024, "MiB"));
        for (MeasuredServer server : bed.servers()) {
            for (Peer peer : bed.peers()) {
                bed.figures()
                        .ratio(
                                "an idle sandbox",
                                server.name(),
                                peer.name(),
                                kib.getOrDefault(server.name(), Double.NaN)
                                        / kib.getOrDefault(peer.name(), Double.NaN));
            }
        }
    }

    private static double ofServer(MeasuredServer server) throws IOException, InterruptedException {
        Thread.sleep(SETTLES);
        long before = MemoryUse.ofMachine();
        List<String> running = new ArrayList<>();
        try {
            for (int i = 0; i < SANDBOXES; i++) {
                running.add(server.client()
                        .spawn(
                                server.image(),
                                IDLE,
                                Map.of("timeout", 600, "disposable", true, "stdin", Map.of("close", false))));
            }
            for (String operation : running) {
                server.client().awaitExecuting(operation);
            }
            Thread.sleep(SETTLES);
            return (MemoryUse.ofMachine() - before) / (double) SANDBOXES;
        } finally {
            for (String operation : running) {
                server.client().cancel(operation);
            }
        }
    }

    private static double ofPeer(Peer peer, String image) throws IOException, InterruptedException {
        Thread.sleep(SETTLES);
        long before = MemoryUse.ofMachine();
        List<Process> running = new ArrayList<>();
        try {
            for (int i = 0; i < SANDBOXES; i++) {
                Process process = new ProcessBuilder(peer.reading(image, IDLE))
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
                running.add(process);
                if (process.getInputStream().read() < 0) {
                    throw new IOException(peer.name() + " could not start a sandbox");
                }
            }
            Thread.sleep(SETTLES);
            return (MemoryUse.ofMachine() - before) / (double) SANDBOXES;
        } finally {
            for (Process process : running) {
                process.getOutputStream().close();
                process.waitFor();
            }
        }
    }
}
