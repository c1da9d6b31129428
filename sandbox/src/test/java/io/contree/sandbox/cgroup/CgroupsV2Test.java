package io.contree.sandbox.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.sandbox.LimitEvents;
import io.contree.sandbox.SandboxSpec.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the files of the kernel mean, in the forms of several versions. */
class CgroupsV2Test {
    private static final Limits LIMITS = new Limits(32 << 20, 1, 20, 0);

    @TempDir
    private Path directory;

    @Test
    void readsKillsThePeakAndRefusals() throws IOException {
        write("memory.events", "low 0\nhigh 0\nmax 71\noom 3\noom_kill 2\noom_group_kill 0\n");
        write("memory.peak", "33550336\n");
        write("pids.events", "max 7\n");
        write("pids.events.local", "max 0\n");
        write("pids.peak", "20\n");

        assertThat(events()).isEqualTo(new LimitEvents(2, 33_550_336, 7, false));
    }

    @Test
    void aLimitThatWasReachedAndNotExceededWasNotMet() throws IOException {
        write("memory.events", "max 71\noom 0\noom_kill 0\n");
        write("memory.peak", "33554432\n");
        write("pids.events", "max 0\n");
        write("pids.events.local", "max 0\n");
        write("pids.peak", "20\n");

        assertThat(events()).isEqualTo(LimitEvents.NONE);
    }

    @Test
    void anOlderKernelTellsOfRefusalsByItsPeakAlone() throws IOException {
        write("memory.events", "oom_kill 1\n");
        write("pids.events", "max 0\n");
        write("pids.peak", "20\n");
        assertThat(events()).isEqualTo(new LimitEvents(1, 32 << 20, 0, true));

        write("pids.peak", "19\n");
        assertThat(events().pidsFull()).isFalse();
    }

    @Test
    void withoutACgroupNothingIsKnown() {
        assertThat(events()).isEqualTo(LimitEvents.NONE);
    }

    private LimitEvents events() {
        return new CgroupsV2.V2(directory, "/box").limitEvents(LIMITS);
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(directory.resolve(file), text);
    }
}
