package io.contree.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * {@code ./bench [--quick]}: measures the server against its peers and prints a table of ratios; {@code ./bench sdk} the client,
 * {@code ./bench depth} long chains of runs.
 */
public final class Bench {
    private static final int PARALLEL = 16;
    private static final int DEPTH = 1000;

    private final PrintStream out = System.out;
    private final int rounds;
    private final int branches;

    private Bench(boolean quick) {
        this.rounds = quick ? 30 : 200;
        this.branches = quick ? 100 : 1000;
    }

    /** Runs all benchmarks; exit code 1 if one could not be run. */
    public static void main(String[] args) throws Exception {
        List<String> arguments = List.of(args);
        boolean quick = arguments.equals(List.of("--quick"));
        String subject = arguments.isEmpty() ? "" : arguments.getFirst();
        boolean named = (subject.equals("sdk") || subject.equals("depth")) && arguments.size() <= 2;
        boolean counted = arguments.size() < 2 || arguments.get(1).matches("[1-9][0-9]{1,6}");
        if (!(quick || arguments.isEmpty() || (named && counted))) {
            System.err.println("usage: ./bench [--quick], ./bench sdk [RUNS] or ./bench depth [RUNS]");
            System.exit(2);
        }
        int runs = arguments.size() == 2 ? Integer.parseInt(arguments.get(1)) : 0;
        Path home = Files.createTempDirectory("contree-bench");
        try {
            if (subject.equals("sdk")) {
                new SdkBench(System.out, runs).measure(home);
            } else if (subject.equals("depth")) {
                new DepthBench(System.out, runs == 0 ? DEPTH : runs).measure(home);
            } else {
                new Bench(quick).measure(home);
            }
        } finally {
            Programs.run(List.of("rm", "-rf", "--one-file-system", home.toString()));
        }
    }

    private void measure(Path home) throws Exception {
        Path root = home.resolve("root");
        BusyboxRoot.make(root);
        try (ServerProcess server = ServerProcess.start(home)) {
            Client client = new Client(server.uri(), server.token());
            String image = client.importImage("rootfs:" + root);
            double raw = againstCrun(home, client, image);
            network(client, image);
            pythonSdk(server, image, raw);
            throughput(client, image);
            peers();
        }
    }

    /** A run that keeps its state, over HTTP, beside {@code crun run} with the same root, namespaces and limits. */
    private double againstCrun(Path home, Client client, String image) throws Exception {
        String hostname = "bench-crun";
        String alive = client.spawn(image, "sleep 600", hostname);
        try {
            client.awaitExecuting(alive);
            CrunPeer crun = CrunPeer.like(hostname, home.resolve("crun"));
            Samples[] pair = Samples.pair(5, rounds, () -> client.run(image, "true"), crun::run);
            out.println("true, state kept, over HTTP      " + pair[0]);
            out.println("crun run, same configuration     " + pair[1]);
            ratio("contree / crun run", pair[0].median() / pair[1].median());
            return pair[0].median();
        } finally {
            client.cancel(alive);
        }
    }

    /** A run with a network beside one without. */
    private void network(Client client, String image) throws Exception {
        if (!client.hasNetwork()) {
            out.println("runs with a network: skipped, the server can give them none here; ./contree doctor says why");
            return;
        }
        Samples[] pair =
                Samples.pair(5, rounds, () -> client.run(image, "true", true), () -> client.run(image, "true", false));
        out.println("true, with a network             " + pair[0]);
        out.println("true, without                    " + pair[1]);
        ratio("with a network / without", pair[0].median() / pair[1].median());
    }

    private void pythonSdk(ServerProcess server, String image, double raw) {
        try {
            double median = PythonPeer.install().medianMillis(server.uri(), server.token(), image, rounds);
            out.printf(Locale.ROOT, "Python SDK run().wait()           p50 %7.1f ms%n", median);
            ratio("Python SDK / raw HTTP", median / raw);
        } catch (IOException e) {
            out.println("Python SDK: skipped, " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Branches from one image, sixteen at a time, each writing a file. */
    private void throughput(Client client, String image) throws Exception {
        List<Callable<String>> runs = new ArrayList<>();
        for (int i = 0; i < branches; i++) {
            String command = "echo " + i + " > /branch";
            runs.add(() -> client.run(image, command));
        }
        long start = System.nanoTime();
        try (ExecutorService pool = Executors.newFixedThreadPool(PARALLEL)) {
            for (Future<String> run : pool.invokeAll(runs)) {
                run.get();
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        out.printf(
                Locale.ROOT,
                "branches that write a file        %.0f runs/s, %d at a time (%d runs)%n",
                branches / seconds,
                PARALLEL,
                branches);
    }

    private void peers() {
        for (String peer : List.of("podman", "docker")) {
            out.println(peer + ": " + (Programs.has(peer) ? "to compare, see docs/benchmarks.md" : "not installed"));
        }
    }

    private void ratio(String what, double ratio) {
        out.printf(Locale.ROOT, "  = %-30s %5.2f%n", what, ratio);
    }
}
