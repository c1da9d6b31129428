package io.contree.bench.work;

import io.contree.bench.machine.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.ObjectMapper;

/** A Debian, as {@code docker save} would write it. Its root is made once for a machine and kept. */
final class DebianArchive {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String SUITE = "bookworm";

    private DebianArchive() {}

    private static void makeRoot(Path root) throws IOException, InterruptedException {
        if (!Programs.has("mmdebstrap")) {
            throw new IOException("needs mmdebstrap (on Debian: apt-get install mmdebstrap)");
        }
        Files.createDirectories(root.getParent());
        Path fresh = Files.createTempFile(root.getParent(), "debian", ".tar");
        try {
            // In a session of its own: one that fails sends SIGHUP to its whole process group, servers included.
            Programs.run(List.of(
                    "setsid",
                    "--wait",
                    "mmdebstrap",
                    "--quiet",
                    "--variant=minbase",
                    "--format=tar",
                    SUITE,
                    fresh.toString()));
            Files.move(fresh, root);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** @throws IOException if it cannot be made here */
    static Path make(Path directory) throws IOException, InterruptedException {
        Path root = Path.of(System.getProperty("user.home"), ".cache", "contree", "bench", "debian-" + SUITE + ".tar");
        if (Files.notExists(root)) {
            makeRoot(root);
        }
        Path parts = Files.createDirectories(directory.resolve("parts"));
        Files.copy(root, parts.resolve("layer.tar"));
        String digest = Programs.output(
                        List.of("sha256sum", parts.resolve("layer.tar").toString()))
                .substring(0, 64);
        Map<String, ?> config = Map.of(
                "architecture",
                System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64",
                "os",
                "linux",
                "config",
                Map.of("Env", List.of("PATH=/usr/sbin:/usr/bin:/sbin:/bin")),
                "rootfs",
                Map.of("type", "layers", "diff_ids", List.of("sha256:" + digest)));
        Files.write(parts.resolve("config.json"), JSON.writeValueAsBytes(config));
        Files.write(
                parts.resolve("manifest.json"),
                JSON.writeValueAsBytes(List.of(Map.of(
                        "Config", "config.json",
                        "RepoTags", List.of("localhost/debian:bench"),
                        "Layers", List.of("layer.tar")))));
        Path archive = directory.resolve("debian.tar");
        Programs.run(List.of(
                "tar", "-C", parts.toString(), "-cf", archive.toString(), "manifest.json", "config.json", "layer.tar"));
        return archive;
    }
}
