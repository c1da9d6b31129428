package io.contree.bench;

import io.contree.bench.figure.Figures;
import io.contree.bench.figure.MeasuredPage;
import io.contree.bench.machine.BusyboxRoot;
import io.contree.bench.machine.PlainCgroups;
import io.contree.bench.machine.Programs;
import io.contree.bench.peer.ContainerEngine;
import io.contree.bench.peer.DockerDaemon;
import io.contree.bench.peer.PlainCrun;
import io.contree.bench.sdk.SdkBench;
import io.contree.bench.server.MeasuredServer;
import io.contree.bench.work.Bed;
import io.contree.bench.work.Benchmark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/**
 * {@code ./bench [--quick] [NAME...]}: measures the server against its peers, prints figures and ratios, and writes them down;
 * {@code ./bench sdk} the Java client.
 */
public final class Bench {
    private final BenchOptions options;
    private final Path project;
    private final Figures figures = new Figures(System.out);
    private boolean failed;

    private Bench(BenchOptions options, Path project) {
        this.options = options;
        this.project = project;
    }

    /** Runs benchmarks; exit code 1 if one failed, 2 if it was asked for wrongly. */
    public static void main(String[] args) throws Exception {
        List<String> arguments = List.of(args);
        if (!arguments.isEmpty() && arguments.getFirst().equals("sdk")) {
            sdk(arguments);
        } else if (arguments.contains("--help")) {
            System.out.print(BenchOptions.usage());
        } else {
            run(arguments);
        }
    }

    private static void run(List<String> arguments) throws Exception {
        BenchOptions options;
        try {
            options = BenchOptions.parse(arguments);
        } catch (IllegalArgumentException e) {
            System.err.print("bench: " + e.getMessage() + System.lineSeparator() + BenchOptions.usage());
            System.exit(2);
            return;
        }
        Path home = Files.createTempDirectory(options.data(), "contree-bench");
        boolean failed;
        try {
            Bench bench = new Bench(options, Path.of(System.getProperty("contree.bench.project", ".")));
            bench.measure(home);
            failed = bench.failed;
        } finally {
            remove(home);
        }
        if (failed) {
            System.exit(1);
        }
    }

    private static void sdk(List<String> arguments) throws Exception {
        if (arguments.size() > 2 || (arguments.size() == 2 && !arguments.get(1).matches("[1-9][0-9]{1,6}"))) {
            System.err.println("usage: ./bench sdk [RUNS]");
            System.exit(2);
        }
        Path home = Files.createTempDirectory("contree-bench");
        try {
            new SdkBench(System.out, arguments.size() == 2 ? Integer.parseInt(arguments.get(1)) : 0).measure(home);
        } finally {
            remove(home);
        }
    }

    private static void remove(Path home) throws IOException, InterruptedException {
        Programs.run(List.of("rm", "-rf", "--one-file-system", home.toString()));
    }

    private void measure(Path home) throws Exception {
        Path root = home.resolve("root");
        BusyboxRoot.make(root);
        List<MeasuredServer> servers = new ArrayList<>();
        List<ContainerEngine> engines = new ArrayList<>();
        try {
            startEngines(home, root, engines);
            for (String runtime : options.runtimes()) {
                servers.add(MeasuredServer.start(
                        runtime, home.resolve("server" + servers.size()), options.serverOptions(), root));
            }
            Bed bed = new Bed(
                    figures,
                    options.quick(),
                    options.depth(),
                    home,
                    root,
                    List.of(project.resolve("contree").toString()),
                    servers,
                    options.serverOptions(),
                    PlainCrun.in(home.resolve("crun")),
                    engines,
                    new HashMap<>());
            for (Benchmark benchmark : options.benchmarks()) {
                measure(benchmark, bed);
            }
            write();
        } finally {
            servers.forEach(MeasuredServer::close);
            for (ContainerEngine engine : engines) {
                engine.close();
            }
            PlainCgroups.remove("contree-bench");
            PlainCgroups.remove("libpod_parent");
        }
    }

    /** One that fails does not take the others with it. */
    private void measure(Benchmark benchmark, Bed bed) throws InterruptedException {
        figures.title(benchmark.name() + ": " + benchmark.about());
        try {
            benchmark.measure(bed);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            failed = true;
            figures.skip(benchmark.name(), "it failed: " + e);
        }
    }

    private void startEngines(Path home, Path root, List<ContainerEngine> engines) throws InterruptedException {
        for (String peer : options.peers()) {
            boolean docker = peer.equals("docker");
            if (!Programs.has(docker ? "dockerd" : peer) || !Programs.has(peer)) {
                figures.skip(peer, "not installed; ./bench --peers " + peer + " installs it, and removes it again");
                continue;
            }
            try {
                engines.add(startEngine(docker, home.resolve(peer), root));
            } catch (IOException e) {
                figures.skip(peer, e);
            }
        }
    }

    private static ContainerEngine startEngine(boolean docker, Path home, Path root)
            throws IOException, InterruptedException {
        ContainerEngine engine =
                docker ? ContainerEngine.docker(DockerDaemon.start(home)) : ContainerEngine.podman(home);
        try {
            Programs.run(engine.command(engine.image(root), "true"));
            return engine;
        } catch (IOException e) {
            engine.close();
            throw e;
        }
    }

    private void write() throws IOException {
        Path json = options.json().orElse(project.resolve("target/bench/figures.json"));
        figures.writeJson(json);
        System.out.println();
        System.out.println("written: " + json);
        if (options.write()) {
            Path page = project.resolve("docs/benchmarks.md");
            MeasuredPage.write(page, figures.page());
            System.out.println("written: " + page);
        }
    }
}
