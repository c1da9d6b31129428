package io.contree.sandbox.oci;

import io.contree.linux.Mounts;
import io.contree.sandbox.SandboxSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The files of one sandbox, what OCI calls a bundle, on a small tmpfs of its own: what is written to them from inside takes
 * no space from others.
 */
final class Bundle implements AutoCloseable {
    private final Path directory;

    private Bundle(Path directory) {
        this.directory = directory;
    }

    /** Makes the bundle of a sandbox: its root file system is bound to {@link #root()}, the files of {@code /etc} are written. */
    static Bundle create(RuntimeDirectory parent, SandboxSpec spec, String resolvConf) throws IOException {
        Bundle bundle = new Bundle(Files.createDirectory(parent.bundle(spec.id())));
        try {
            Mounts.tmpfs(bundle.directory, "size=1m,nr_inodes=64," + parent.access());
            Mounts.bind(spec.root(), Files.createDirectory(bundle.root()), false);
            for (EtcFile file : EtcFile.values()) {
                Path path = Files.writeString(bundle.etc(file), file.content(spec.hostname(), resolvConf));
                parent.giveToSandbox(path);
                file.coverIn(bundle.root(), path);
            }
            return bundle;
        } catch (IOException | RuntimeException e) {
            bundle.closeAfter(e);
            throw e;
        }
    }

    Path directory() {
        return directory;
    }

    /** The sandbox's root file system, under a path that the root user of the sandbox can walk. */
    Path root() {
        return directory.resolve("root");
    }

    Path etc(EtcFile file) {
        return directory.resolve(file.fileName());
    }

    Path config() {
        return directory.resolve("config.json");
    }

    /** The pipe on which init speaks. */
    Path output() {
        return directory.resolve("output");
    }

    /** Where the runtime and init write what went wrong. */
    Path errors() {
        return directory.resolve("errors");
    }

    /** The last lines of {@link #errors()}, empty if there are none. */
    String lastErrors() {
        try {
            List<String> lines = new String(Files.readAllBytes(errors()), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .toList();
            return String.join("; ", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
        } catch (IOException e) {
            return "";
        }
    }

    /** Unmounts and removes; the sandbox has ended. */
    @Override
    public void close() throws IOException {
        Mounts.unmount(root(), true);
        Mounts.unmount(directory, true);
        Files.deleteIfExists(directory);
    }

    private void closeAfter(Exception reason) {
        try {
            close();
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }
}
