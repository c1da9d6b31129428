package io.contree.bench.work;

import io.contree.bench.figure.Samples;
import io.contree.bench.machine.BusyboxRoot;
import io.contree.bench.peer.ContainerEngine;
import io.contree.bench.server.MeasuredServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A run that changes ten files of a large image, beside the same in a small one. */
final class LargeImageWork implements Benchmark {
    private static final int FILES_EACH = 100;
    private static final String SCRIPT = "for i in 0 1 2 3 4 5 6 7 8 9; do echo changed > /many/d$i/f0; done";

    @Override
    public String name() {
        return "large";
    }

    @Override
    public String about() {
        return "ten files changed in an image of 50,000 files, beside ten in a small one and the engines' run + commit";
    }

    @Override
    public void measure(Bed bed) throws Exception {
        int directories = bed.count(500, 50);
        Path large = root(bed.home().resolve("large-root"), directories);
        Path small = root(bed.home().resolve("small-root"), 10);
        String thing = "ten of " + directories * FILES_EACH + " files";
        Map<String, Samples.Work> works = new LinkedHashMap<>();
        for (MeasuredServer server : bed.servers()) {
            String image = server.client().importImage("rootfs:" + large);
            works.put(server.name(), () -> server.client().run(image, SCRIPT));
        }
        for (ContainerEngine engine : bed.engines()) {
            String image = bed.image(engine, large);
            works.put(engine.name() + " run + commit", () -> engine.commit(image, SCRIPT));
        }
        for (MeasuredServer server : bed.servers()) {
            String image = server.client().importImage("rootfs:" + small);
            String name = server.name() + ", " + 10 * FILES_EACH + " files";
            works.put(name, () -> server.client().run(image, SCRIPT));
        }
        bed.compare(thing, 3, bed.count(100, 10), works);
    }

    private static Path root(Path root, int directories) throws IOException, InterruptedException {
        BusyboxRoot.make(root);
        for (int i = 0; i < directories; i++) {
            Path directory = Files.createDirectories(root.resolve("many/d" + i));
            for (int j = 0; j < FILES_EACH; j++) {
                Files.writeString(directory.resolve("f" + j), i + "/" + j);
            }
        }
        return root;
    }
}
