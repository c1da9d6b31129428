package io.contree.bench;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/** A chain of runs, each on the image that the one before left and each writing a file: what its depth costs. */
final class DepthBench {
    private static final int WARM_UP = 30;
    private static final int ROUNDS = 200;
    private static final int DIRECTORIES = 100;

    private final PrintStream out;
    private final int depth;

    DepthBench(PrintStream out, int depth) {
        this.out = out;
        this.depth = depth;
    }

    void measure(Path home) throws Exception {
        Path root = home.resolve("root");
        BusyboxRoot.make(root);
        try (ServerProcess server = ServerProcess.start(home)) {
            Client client = new Client(server.uri(), server.token());
            String image = client.importImage("rootfs:" + root);
            for (int i = 0; i < WARM_UP; i++) {
                client.run(image, step(-i));
            }
            String first = client.run(image, step(0));
            String last = chain(client, first);
            Samples[] pair = Samples.pair(5, ROUNDS, () -> client.run(first, "true"), () -> client.run(last, "true"));
            out.println("true at depth 1                  " + pair[0]);
            out.println("true at depth " + padded(depth) + pair[1]);
            ratio("depth " + depth + " / depth 1", pair[1].median() / pair[0].median());
        }
    }

    private static String step(int number) {
        String directory = "/steps/" + Math.floorMod(number, DIRECTORIES);
        return "mkdir -p " + directory + " && echo " + number + " > " + directory + "/" + number;
    }

    private String chain(Client client, String first) throws Exception {
        double[] millis = new double[depth];
        String image = first;
        int tenth = Math.max(1, depth / 10);
        for (int i = 1; i < depth; i++) {
            long start = System.nanoTime();
            image = client.run(image, step(i));
            millis[i] = (System.nanoTime() - start) / 1e6;
            if ((i + 1) % tenth == 0) {
                row("steps to depth " + padded(i + 1), Arrays.copyOfRange(millis, Math.max(1, i + 1 - tenth), i + 1));
            }
        }
        double[] all = Arrays.copyOfRange(millis, 1, depth);
        row("all steps                       ", all);
        ratio("slowest step / median", slowest(all) / median(all));
        return image;
    }

    private static String padded(int number) {
        return String.format(Locale.ROOT, "%-19d", number);
    }

    private void row(String what, double[] millis) {
        out.printf(Locale.ROOT, "%s p50 %7.1f ms   slowest %7.1f ms%n", what, median(millis), slowest(millis));
        out.flush();
    }

    private static double median(double[] millis) {
        return Arrays.stream(millis)
                .sorted()
                .skip(millis.length / 2)
                .findFirst()
                .orElseThrow();
    }

    private static double slowest(double[] millis) {
        return Arrays.stream(millis).max().orElseThrow();
    }

    private void ratio(String what, double ratio) {
        out.printf(Locale.ROOT, "  = %-30s %5.2f%n", what, ratio);
    }
}
