package io.contree.sandbox.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.linux.IdMapping;
import io.contree.sandbox.NetworkPolicy;
import io.contree.sandbox.SandboxConfig;
import io.contree.sandbox.SandboxException;
import io.contree.sandbox.SandboxSpec;
import io.contree.sandbox.Sandboxes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runtimes that are missing, hang or die, and roots that are none. */
class StartFailureIT {
    @TempDir
    Path directory;

    private SandboxConfig config(String runtime) {
        return new SandboxConfig(runtime, directory.resolve("state"), Optional.of(IdMapping.DEFAULT));
    }

    /** A program that tells its version and does something else for everything else. */
    private String runtime(String otherwise) throws IOException {
        Path program = directory.resolve("runtime");
        Files.writeString(
                program, "#!/bin/sh\ncase \"$*\" in --version) echo test 1.0;; *run*) " + otherwise + ";; esac\n");
        Files.setAttribute(program, "unix:mode", 0755);
        return program.toString();
    }

    private SandboxSpec spec(Sandboxes sandboxes) throws IOException {
        Path root = Files.createDirectories(directory.resolve("root"));
        return new SandboxSpec(
                "start-failure", root, "box", Machine.LIMITS, sandboxes.reserve(new NetworkPolicy.None()));
    }

    private void nothingIsLeft(SandboxConfig config) throws IOException {
        RuntimeDirectory own = RuntimeDirectory.of(config);
        assertThat(own.path()).doesNotExist();
        try (var hierarchies = Files.list(Path.of("/sys/fs/cgroup"))) {
            assertThat(hierarchies).noneMatch(hierarchy -> Files.exists(hierarchy.resolve(own.name())));
        }
        assertThat(ProcessHandle.current().descendants()).isEmpty();
    }

    @Test
    void saysWhichRuntimeIsMissing() throws Exception {
        assertThatThrownBy(() -> OciSandboxes.open(config("no-such-runtime")))
                .isInstanceOf(SandboxException.class)
                .hasMessageContaining("no-such-runtime")
                .hasMessageContaining("install crun");
        nothingIsLeft(config("x"));
    }

    @Test
    void givesUpOnARuntimeThatHangs() throws Exception {
        SandboxConfig config = config(runtime("sleep 60 & exec sleep 1000"));
        try (Sandboxes sandboxes = OciSandboxes.open(config, Duration.ofMillis(200))) {
            assertThatThrownBy(() -> sandboxes.start(spec(sandboxes)))
                    .isInstanceOf(SandboxException.class)
                    .hasMessageContaining("start-failure")
                    .hasMessageContaining("not ready within");
        }
        nothingIsLeft(config);
    }

    @Test
    void isNotHeldByAStrayProcessThatHoldsTheOutput() throws Exception {
        Path pid = directory.resolve("pid");
        // The stray one is no descendant of the runtime any more when that is killed.
        SandboxConfig config = config(runtime("(sleep 60 & echo $! > " + pid + "); exit 3"));
        try (Sandboxes sandboxes = OciSandboxes.open(config)) {
            assertThatThrownBy(() -> sandboxes.start(spec(sandboxes))).hasMessageContaining("start-failure");
        }
        nothingIsLeft(config);
        long stray = Long.parseLong(Files.readString(pid).strip());
        ProcessHandle.of(stray).ifPresent(ProcessHandle::destroyForcibly);
    }

    @Test
    void tellsWhatTheRuntimeSaid() throws Exception {
        SandboxConfig config = config(runtime("echo the moon is in the way >&2; exit 3"));
        try (Sandboxes sandboxes = OciSandboxes.open(config)) {
            assertThatThrownBy(() -> sandboxes.start(spec(sandboxes)))
                    .hasMessageContaining("code 3")
                    .hasMessageContaining("the moon is in the way");
        }
        nothingIsLeft(config);
    }

    @Test
    void refusesAnInitThatSpeaksNonsense() throws Exception {
        SandboxConfig config = config(runtime("echo Hello, I am not init; exec sleep 1000"));
        try (Sandboxes sandboxes = OciSandboxes.open(config)) {
            assertThatThrownBy(() -> sandboxes.start(spec(sandboxes))).hasMessageContaining("broke the protocol");
        }
        nothingIsLeft(config);
    }

    @Test
    void endsAStartWhenInterrupted() throws Exception {
        SandboxConfig config = config(runtime("exec sleep 1000"));
        try (Sandboxes sandboxes = OciSandboxes.open(config)) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> sandboxes.start(spec(sandboxes))).isInstanceOf(InterruptedException.class);
        }
        nothingIsLeft(config);
    }

    @Test
    void refusesARootThatIsNotThere() throws Exception {
        SandboxConfig config = config("crun");
        try (Sandboxes sandboxes = OciSandboxes.open(config)) {
            SandboxSpec spec = new SandboxSpec(
                    "start-failure", directory.resolve("none"), "box", Machine.LIMITS, Machine.NOTHING_RESERVED);
            assertThatThrownBy(() -> sandboxes.start(spec))
                    .isInstanceOf(SandboxException.class)
                    .hasMessageContaining("start-failure");
            // The name is free again.
            assertThatThrownBy(() -> sandboxes.start(spec)).hasMessageContaining("tried to prepare");
        }
        nothingIsLeft(config);
    }

    @Test
    void startsNothingAfterClosing() throws Exception {
        SandboxConfig config = config("crun");
        Sandboxes sandboxes = OciSandboxes.open(config);
        SandboxSpec spec = spec(sandboxes);
        sandboxes.close();
        sandboxes.close();
        assertThatThrownBy(() -> sandboxes.reserve(new NetworkPolicy.None())).isInstanceOf(SandboxException.class);
        assertThatThrownBy(() -> sandboxes.start(spec)).isInstanceOf(SandboxException.class);
        nothingIsLeft(config);
    }
}
