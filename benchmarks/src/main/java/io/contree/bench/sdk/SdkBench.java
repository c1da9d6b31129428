package io.contree.bench.sdk;

import io.contree.bench.figure.Samples;
import io.contree.bench.machine.BusyboxRoot;
import io.contree.bench.machine.Programs;
import io.contree.bench.server.Client;
import io.contree.bench.server.ServerProcess;
import io.contree.sdk.Contree;
import io.contree.sdk.Image;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code ./bench sdk [RUNS]}: what the Java client weighs and costs; docs/sdk/performance.md says how to read it. */
public final class SdkBench {
    private static final int ROUNDS = 100;
    private static final int COLD_STARTS = 10;

    private final PrintStream out;
    private final int soak;

    /** @param soak runs of the endurance test; none if 0 */
    public SdkBench(PrintStream out, int soak) {
        this.out = out;
        this.soak = soak;
    }

    /** @param home a directory for the server */
    public void measure(Path home) throws Exception {
        Path root = home.resolve("root");
        BusyboxRoot.make(root);
        List<Path> jars = SdkJars.all();
        sizes(jars);
        try (ServerProcess server = ServerProcess.start(home, List.of())) {
            Client raw = new Client(server.uri(), server.token());
            String image = raw.importImage("rootfs:" + root);
            try (Contree contree = Contree.builder()
                    .baseUrl(server.uri().toString())
                    .token(server.token())
                    .build()) {
                overRawHttp(raw, contree.images().use(image), image);
            }
            coldStart(server, image);
            if (soak > 0) {
                new Endurance(out, server, image).run(soak);
            }
        }
    }

    private void sizes(List<Path> jars) throws IOException {
        long total = 0;
        for (Path jar : jars) {
            out.printf(Locale.ROOT, "%-36s %,9d bytes%n", jar.getFileName(), Files.size(jar));
            total += Files.size(jar);
        }
        out.printf(Locale.ROOT, "%-36s %,9d bytes%n", "all that a program needs", total);
    }

    /** The same run by both, in turn. */
    private void overRawHttp(Client raw, Image image, String uuid) throws Exception {
        List<Samples> pair = Samples.inTurn(
                20,
                ROUNDS,
                List.of(
                        () -> raw.run(uuid, "true", Map.of("hostname", "bench")),
                        () -> image.shell("true").hostname("bench").execute()));
        out.println("true over raw HTTP               " + pair.getFirst());
        out.println("true by the Java client          " + pair.getLast());
        out.printf(
                Locale.ROOT,
                "  = %-30s %5.2f%n",
                "Java client / raw HTTP",
                pair.getLast().median() / pair.getFirst().median());
    }

    /** A new JVM with nothing but the client, from the start of the process to its end; the run is part of it. */
    private void coldStart(ServerProcess server, String image) throws Exception {
        List<String> command = FreshJvm.command(server, image);
        Samples whole = Samples.of(2, COLD_STARTS, () -> Programs.output(command));
        out.println("fresh JVM to first result, ended " + whole);
    }
}
