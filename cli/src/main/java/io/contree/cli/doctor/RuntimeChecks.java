package io.contree.cli.doctor;

import io.contree.linux.SeccompCompiler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Which runtimes can be used. */
final class RuntimeChecks {
    private static final int PATIENCE_SECONDS = 10;

    Finding ours() {
        try (SeccompCompiler _ = new SeccompCompiler(SeccompCompiler.ALLOW)) {
            return Finding.ok("native", "our own runtime: sandboxes wait for their runs");
        } catch (IOException e) {
            return Finding.limited(
                    "native",
                    "runs start with crun, which takes longer: " + e.getMessage(),
                    "apt-get install libseccomp2");
        }
    }

    Finding crun() throws IOException {
        Optional<String> version = version("crun");
        return version.isPresent()
                ? Finding.ok("crun", version.get())
                : Finding.missing("crun", "not installed", "apt-get install crun");
    }

    Finding runsc() throws IOException {
        Optional<String> version = version("runsc");
        return version.isPresent()
                ? Finding.ok("runsc", version.get() + " (gVisor, a kernel of its own for each run)")
                : Finding.limited(
                        "runsc",
                        "not installed: no gVisor isolation",
                        "optional: apt-get install runsc, then --runtime runsc for all runs, or --runtimes runsc for"
                                + " those that ask for it");
    }

    /** The first line that a program prints about its version; empty if it is not installed. */
    private static Optional<String> version(String program) throws IOException {
        Optional<Path> path = inPath(program);
        if (path.isEmpty()) {
            return Optional.empty();
        }
        Process process = new ProcessBuilder(path.get().toString(), "--version")
                .redirectErrorStream(true)
                .start();
        try {
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readNBytes(4096), StandardCharsets.UTF_8);
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException(path.get() + " --version does not end");
            }
            return Optional.of(said.lines().findFirst().orElse("of an unknown version") + ", " + path.get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static Optional<Path> inPath(String program) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/sbin:/usr/bin:/sbin:/bin");
        return List.of(path.split(":")).stream()
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
