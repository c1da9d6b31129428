package io.contree.bench.peer;

import io.contree.bench.machine.Programs;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code crun run} of {@code true} on the root, with the namespaces, mounts, limits and seccomp profile that the server
 * gives its sandboxes: the configuration is the one that the server wrote for a live run, with its process replaced.
 */
public final class CrunPeer {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path bundle;
    private int rounds;

    private CrunPeer(Path bundle) {
        this.bundle = bundle;
    }

    /**
     * Takes over the configuration of a live run.
     *
     * @param hostname tells the run from others
     * @param bundle a directory to be made
     */
    public static CrunPeer like(String hostname, Path bundle) throws IOException {
        Path config = find(hostname)
                .orElseThrow(() -> new IOException("no bundle of the run " + hostname + " below /run/contree-*"));
        ObjectNode json = (ObjectNode) JSON.readTree(Files.readAllBytes(config));
        ArrayNode args = JSON.createArrayNode().add("/bin/true");
        ((ObjectNode) json.get("process")).set("args", args);
        ((ObjectNode) json.get("linux")).put("cgroupsPath", "contree-bench");
        Files.createDirectories(bundle);
        Files.write(bundle.resolve("config.json"), JSON.writeValueAsBytes(json));
        return new CrunPeer(bundle);
    }

    /** Whether a live run has a configuration that could be taken over. */
    public static boolean has(String hostname) throws IOException {
        return find(hostname).isPresent();
    }

    /** Servers keep the bundles of their sandboxes below {@code /run/contree-*}. */
    private static Optional<Path> find(String hostname) throws IOException {
        try (DirectoryStream<Path> servers = Files.newDirectoryStream(Path.of("/run"), "contree-*")) {
            for (Path server : servers) {
                for (Path file : configs(server)) {
                    if (JSON.readTree(Files.readAllBytes(file))
                            .at("/hostname")
                            .asString("")
                            .equals(hostname)) {
                        return Optional.of(file);
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static List<Path> configs(Path server) throws IOException {
        try (Stream<Path> files = Files.find(server, 4, (path, attributes) -> path.endsWith("config.json"))) {
            return files.toList();
        }
    }

    /** Runs {@code true} in a container of its own. */
    public void run() throws IOException, InterruptedException {
        Programs.run(List.of("crun", "run", "--bundle", bundle.toString(), "contree-bench-" + rounds++));
    }
}
