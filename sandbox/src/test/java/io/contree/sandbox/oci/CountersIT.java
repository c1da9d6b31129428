package io.contree.sandbox.oci;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.sandbox.ProcessSpec;
import io.contree.sandbox.Recorder;
import io.contree.sandbox.Run;
import io.contree.sandbox.Sandbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the kernel counts for a user: one run that uses it up leaves the others and the machine theirs. */
@EachRuntime
class CountersIT {
    @Parameter
    String runtime;

    private static Machine machine;
    private static Path lower;

    @BeforeParameterizedClassInvocation
    static void open(String runtime) throws Exception {
        machine = Machine.start(runtime);
        lower = Probe.lowerWith("counters", Files.createTempDirectory(machine.directory(), "probe"));
    }

    @AfterParameterizedClassInvocation
    static void close() throws Exception {
        machine.close();
    }

    private static Sandbox start() throws Exception {
        return machine.sandboxes().start(machine.spec(machine.root(lower), Machine.LIMITS));
    }

    private static ProcessSpec take(String kind, String howMany) {
        return Run.command("counters", kind, howMany);
    }

    @ParameterizedTest
    @ValueSource(strings = {"inotify", "signals", "queues", "locked", "pipes", "flight", "terminals"})
    void oneRunThatUsesItUpLeavesOthersTheirs(String kind) throws Exception {
        try (Sandbox greedy = start();
                Sandbox other = start()) {
            Recorder all = new Recorder();
            greedy.spawn(take(kind, "all"), all);
            all.awaitOutput("full after ");
            assertThat(all.stdout()).doesNotContain("full after 0:", "full after 1048576:");
            Recorder more = new Recorder();
            greedy.spawn(take(kind, "one"), more);
            // Or it has shown nothing.
            assertThat(more.exit().code()).as(all.stdout()).isEqualTo(1);

            Recorder one = Run.main(other, take(kind, "one"));
            assertThat(one.exit().code()).as(one.stderr()).isZero();
            assertThat(onTheMachine(kind)).isZero();
        }
    }

    private static int onTheMachine(String kind) throws Exception {
        Process process =
                new ProcessBuilder(List.of(lower.resolve("bin/counters").toString(), kind, "one")).start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }
}
