package io.contree.sandbox.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.contree.sandbox.Recorder;
import io.contree.sandbox.Run;
import io.contree.sandbox.Sandbox;
import io.contree.sandbox.SandboxSpec.Limits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;

/** How many cores programs see in a sandbox that may not use all. */
@EachRuntime
class CoresIT {
    @Parameter
    String runtime;

    private static final String ALLOWED = "sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' /proc/self/status";

    private static Machine machine;

    @BeforeParameterizedClassInvocation
    static void open(String runtime) throws Exception {
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "this machine has one core");
        machine = Machine.start(runtime);
    }

    @AfterParameterizedClassInvocation
    static void close() throws Exception {
        if (machine != null) {
            machine.close();
        }
    }

    private static Limits limits(double cpus) {
        return new Limits(128L << 20, cpus, 64, 1 << 20);
    }

    private static String said(double cpus, String script) throws Exception {
        try (Sandbox sandbox = machine.start(limits(cpus))) {
            Recorder main = Run.main(sandbox, Run.shell(script));
            assertThat(main.exit().code()).as(main.stderr()).isZero();
            return main.stdout().strip();
        }
    }

    @Test
    void programsSeeAsManyAsTheLimitNeeds() throws Exception {
        for (double cpus : List.of(0.5, 1.0)) {
            assertThat(said(cpus, "nproc")).isEqualTo("1");
            assertThat(said(cpus, "grep -c ^processor /proc/cpuinfo")).isEqualTo("1");
            String[] places =
                    said(cpus, ALLOWED + "; cat /sys/devices/system/cpu/online").split("\n");
            assertThat(places[0]).matches("\\d+").isEqualTo(places[1]);
        }
    }

    @Test
    void whoMayUseAllSeesAll() throws Exception {
        int all = Runtime.getRuntime().availableProcessors();
        assertThat(said(all, "nproc")).isEqualTo("" + all);
        assertThat(said(all, "cat /sys/devices/system/cpu/online"))
                .isEqualTo(Files.readString(Path.of("/sys/devices/system/cpu/online"))
                        .strip());
        assertThat(said(all, "grep -c cpu /proc/mounts || true"))
                .isEqualTo(said(64, "grep -c cpu /proc/mounts || true"));
    }

    @Test
    void runsAreSpreadOverTheCores() throws Exception {
        int all = Runtime.getRuntime().availableProcessors();
        List<Sandbox> sandboxes = new ArrayList<>();
        Set<String> cores = new HashSet<>();
        try {
            for (int i = 0; i < all; i++) {
                Sandbox sandbox = machine.start(limits(1));
                sandboxes.add(sandbox);
                Recorder recorder = new Recorder();
                sandbox.spawn(Run.shell(ALLOWED + "; echo ok; sleep 1000"), recorder);
                recorder.awaitOutput("ok");
                cores.add(recorder.stdout());
            }
        } finally {
            sandboxes.forEach(Sandbox::close);
        }
        assertThat(cores).hasSize(all);
    }

    @Test
    void itCannotBeChangedFromInside() throws Exception {
        assertThat(said(
                        1,
                        "(echo 0-1 > /sys/devices/system/cpu/online) 2>/dev/null && echo changed;"
                                + " (echo 0-1 > /proc/cpuinfo) 2>/dev/null && echo changed;"
                                + " taskset -p 3 $$ > /dev/null 2>&1; nproc"))
                .isEqualTo("1");
    }
}
