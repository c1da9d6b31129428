package io.contree.bench.peer;

import io.contree.bench.machine.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code crun run} as somebody would script it: the configuration that {@code crun spec} makes, on a root directory that is
 * there already, with the process replaced and the root writable. It keeps no states.
 */
public final class PlainCrun implements Peer {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path bundles;
    private final Map<String, Path> known = new ConcurrentHashMap<>();
    private final AtomicInteger containers = new AtomicInteger();
    private final ObjectNode template;

    private PlainCrun(Path bundles, ObjectNode template) {
        this.bundles = bundles;
        this.template = template;
    }

    /** @param bundles a directory to be made */
    public static PlainCrun in(Path bundles) throws IOException, InterruptedException {
        Files.createDirectories(bundles);
        Programs.run(List.of("sh", "-c", "cd \"$1\" && crun spec", "sh", bundles.toString()));
        return new PlainCrun(bundles, (ObjectNode) JSON.readTree(Files.readAllBytes(bundles.resolve("config.json"))));
    }

    @Override
    public String name() {
        return "crun run";
    }

    @Override
    public String image(Path root) {
        return root.toString();
    }

    @Override
    public List<String> command(String image, String shell) throws IOException {
        Path bundle = known.get(image + "\n" + shell);
        if (bundle == null) {
            bundle = bundle(image, shell);
            known.put(image + "\n" + shell, bundle);
        }
        return List.of(
                "crun",
                "run",
                "--bundle",
                bundle.toString(),
                "contree-bench-" + ProcessHandle.current().pid() + "-" + containers.incrementAndGet());
    }

    @Override
    public List<String> reading(String image, String shell) throws IOException {
        return command(image, shell);
    }

    private Path bundle(String image, String shell) throws IOException {
        ObjectNode config = template.deepCopy();
        ObjectNode process = (ObjectNode) config.get("process");
        process.put("terminal", false);
        process.set("args", JSON.createArrayNode().add("/bin/sh").add("-c").add(shell));
        config.set("root", JSON.createObjectNode().put("path", image).put("readonly", false));
        Path bundle = Files.createTempDirectory(bundles, "bundle");
        Files.write(bundle.resolve("config.json"), JSON.writeValueAsBytes(config));
        return bundle;
    }

    @Override
    public void close() {}
}
