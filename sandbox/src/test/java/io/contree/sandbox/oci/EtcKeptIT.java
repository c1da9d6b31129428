package io.contree.sandbox.oci;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.sandbox.Recorder;
import io.contree.sandbox.Run;
import io.contree.sandbox.Sandbox;
import io.contree.sandbox.SandboxSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;

/** What runs write to the files of {@code /etc} that each has a copy of. */
@EachRuntime
class EtcKeptIT {
    @Parameter
    String runtime;

    private static Machine machine;

    @BeforeParameterizedClassInvocation
    static void open(String runtime) throws IOException, InterruptedException {
        machine = Machine.start(runtime);
    }

    @AfterParameterizedClassInvocation
    static void close() throws IOException {
        machine.close();
    }

    /** A root whose image has the empty files that every image has. */
    private static Path root() throws IOException {
        return root(machine);
    }

    private static Path root(Machine machine) throws IOException {
        Path lower = Files.createTempDirectory(machine.directory(), "lower");
        Files.createDirectory(lower.resolve("etc"));
        for (EtcFile file : EtcFile.values()) {
            Files.createFile(lower.resolve("etc").resolve(file.fileName()));
        }
        return machine.root(lower);
    }

    private static String run(Path root, String hostname, String script) throws Exception {
        return run(machine, root, hostname, script);
    }

    private static String run(Machine machine, Path root, String hostname, String script) throws Exception {
        SandboxSpec spec = machine.spec(root, Machine.LIMITS);
        SandboxSpec named = new SandboxSpec(spec.id(), root, hostname, spec.limits(), spec.reservation());
        try (Sandbox sandbox = machine.sandboxes().start(named)) {
            Recorder main = Run.main(sandbox, Run.shell("set -e; " + script));
            assertThat(main.exit().code()).as(main.stderr()).isZero();
            return main.stdout();
        }
    }

    @Test
    void theNextRunSeesThem() throws Exception {
        for (EtcFile file : EtcFile.values()) {
            Path root = root();
            String path = "/etc/" + file.fileName();
            run(root, "one", "echo added >> " + path + "; chmod 600 " + path + "; chown 70000:7 " + path);
            String second = run(root, "two", "cat " + path + "; stat -c '%a %u %g' " + path);
            assertThat(second)
                    .startsWith(file.content("two", "# This sandbox has no network.\n"))
                    .endsWith("added\n600 70000 7\n")
                    .doesNotContain("one\n");
            Path kept = Machine.upper(root).resolve("etc").resolve(file.fileName());
            assertThat(kept).content().contains("added").doesNotContain("\tone", "two");
            assertThat(Files.getAttribute(kept, "unix:uid")).isEqualTo(70_000);
        }
    }

    @Test
    void aRunThatLeavesThemLeavesTheImage() throws Exception {
        Path root = root();
        run(
                root,
                "one",
                "cat /etc/hosts /etc/hostname /etc/resolv.conf; echo a >> /etc/hosts; cp /etc/hosts /tmp/h;"
                        + " grep -v '^a$' /etc/hosts > /tmp/g; cat /tmp/g > /etc/hosts; rm /tmp/h /tmp/g");
        assertThat(Machine.upper(root).resolve("etc")).doesNotExist();

        run(root, "one", "echo a >> /etc/hosts");
        Path kept = Machine.upper(root).resolve("etc/hosts");
        Object before = Files.getAttribute(kept, "unix:ctime");
        run(root, "other", "cat /etc/hosts");
        assertThat(Files.getAttribute(kept, "unix:ctime")).isEqualTo(before);
    }

    @Test
    void whatIsUndoneIsTheEmptyFileOfEveryImage() throws Exception {
        Path root = root();
        run(root, "one", "cp /etc/hosts /before; echo 1.2.3.4 x >> /etc/hosts");
        run(root, "one", "cat /before > /etc/hosts; rm /before");
        Path kept = Machine.upper(root).resolve("etc/hosts");
        assertThat(kept).isEmptyFile();
        assertThat(Files.getLastModifiedTime(kept).toMillis()).isZero();
        assertThat(Files.getAttribute(kept, "unix:uid")).isEqualTo(0);
        assertThat((int) Files.getAttribute(kept, "unix:mode") & 07777).isEqualTo(0644);
    }

    @Test
    void whatAnImageBringsIsHiddenAsDockerDoes() throws Exception {
        Path lower = Files.createTempDirectory(machine.directory(), "lower");
        Files.writeString(Files.createDirectory(lower.resolve("etc")).resolve("resolv.conf"), "nameserver 10.0.0.1\n");
        Path root = machine.root(lower);
        assertThat(run(root, "one", "cat /etc/resolv.conf")).doesNotContain("10.0.0.1");
        assertThat(Machine.upper(root).resolve("etc")).doesNotExist();
    }

    @Test
    void aKilledRunKeepsThemToo() throws Exception {
        Path root = root();
        try (Sandbox sandbox = machine.sandboxes().start(machine.spec(root, Machine.LIMITS))) {
            Recorder main = new Recorder();
            sandbox.spawn(Run.shell("echo added >> /etc/hosts; echo up; sleep 1000"), main);
            main.awaitOutput("up");
            sandbox.kill();
        }
        assertThat(run(root, "one", "tail -1 /etc/hosts")).isEqualTo("added\n");
    }

    @Test
    void aHugeFileIsAnErrorInsideAndNoBurdenOutside() throws Exception {
        Path root = root();
        String said = run(root, "one", "dd if=/dev/zero of=/etc/hosts bs=1M count=8 2>&1 || true");
        assertThat(said).contains("No space left on device");
        // A hole of a terabyte is not read, and the run that made it is nobody's trouble.
        run(root, "one", "truncate -s 1024G /etc/hosts");
        assertThat(run(root, "one", "echo fine")).isEqualTo("fine\n");
    }

    @Test
    void alsoWithoutAUserNamespace() throws Exception {
        try (Machine plain = Machine.withoutMapping()) {
            Path root = root(plain);
            assertThat(plain.reserved(root).users()).isEqualTo(Optional.empty());
            run(plain, root, "one", "echo added >> /etc/hosts");
            assertThat(run(plain, root, "two", "cat /etc/hosts")).contains("127.0.1.1\ttwo\n", "added\n");
        }
    }
}
