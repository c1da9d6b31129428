package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.sdk.DirectoryEntry;
import io.contree.sdk.Image;
import io.contree.sdk.RunResult;
import io.contree.testkit.LoopbackRegistry;
import io.contree.testkit.RootFs;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One UUID names one filesystem state, however it was reached. */
class IdentityIT extends SharedServerSuite {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "true",
                "ls -lR / > /dev/null",
                "cat /etc/* > /dev/null",
                "touch /tmp/x && rm /tmp/x",
                "mkdir -p /tmp/a/b/c && rm -r /tmp/a",
                "cp /bin/busybox /tmp/busybox && mv /tmp/busybox /tmp/other && rm /tmp/other",
                "chmod 700 /etc && chmod 755 /etc",
                "echo x > /dev/shm/y; echo z > /dev/null",
                "ln -s nowhere /tmp/link && rm /tmp/link",
                "mv /etc/passwd /etc/p && mv /etc/p /etc/passwd",
            })
    void whatChangesNothingKeepsTheUuid(String command) {
        RunResult result = busybox.shell(command).execute();
        assertThat(result.image().uuid()).as(result.operation().json()).isEqualTo(busybox.uuid());
    }

    @Test
    void aChangeANoOpAndItsUndoing() {
        Image changed = after(busybox, "cd /; echo CHANGES > file.txt");
        assertThat(changed.uuid()).isNotEqualTo(busybox.uuid());
        assertThat(after(changed, "sleep 1").uuid()).isEqualTo(changed.uuid());
        assertThat(after(changed, "rm /file.txt").uuid()).isEqualTo(busybox.uuid());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "chmod 600 /etc/passwd",
                "chown 5:6 /etc/passwd",
                "touch -d '2001-02-03 04:05:06' /etc/passwd",
                "mkdir /d",
                "ln -s a /l",
                "ln /etc/passwd /hard",
                "mknod /fifo p",
                "rm /etc/group",
                "truncate -s 5 /etc/passwd",
                "chmod 1777 /",
            })
    void everyKindOfChangeMakesANewState(String command) {
        assertThat(after(busybox, command).uuid()).isNotEqualTo(busybox.uuid());
    }

    @Test
    void sameBytesAtOtherTimesAreOtherStatesOfTheSameContent() throws Exception {
        Image first = after(busybox, "echo same > /same");
        Thread.sleep(20);
        Image second = after(busybox, "echo same > /same");
        assertThat(first.uuid()).isNotEqualTo(second.uuid());
        assertThat(first.contentDigest()).isEqualTo(second.contentDigest()).isNotEqualTo(busybox.contentDigest());
    }

    @Test
    void branchesNeverSeeEachOtherAndParentsNeverChange() {
        Image parent = after(busybox, "mkdir /w; echo parent > /w/file");
        Image left = after(parent, "echo left > /w/file; echo l > /w/left");
        Image right = after(parent, "rm /w/file; echo r > /w/right");
        assertThat(parent.readText("/w/file")).isEqualTo("parent\n");
        assertThat(left.readText("/w/file")).isEqualTo("left\n");
        assertThat(left.ls("/w")).extracting(DirectoryEntry::path).containsExactly("file", "left");
        assertThat(right.ls("/w")).extracting(DirectoryEntry::path).containsExactly("right");
        assertThat(parent.ls("/w")).extracting(DirectoryEntry::path).containsExactly("file");
    }

    @Test
    void theSameTreeFromDirectoryTarAndRegistryIsOneState() throws Exception {
        Path tar = RootFs.pack(root, home.resolve("root.tar"));
        assertThat(imported("rootfs:" + tar)).isEqualTo(busybox.uuid());
        try (LoopbackRegistry registry = LoopbackRegistry.open()) {
            String reference = RegistryImage.push(registry, root, "test/box", home);
            assertThat(imported("docker://" + reference)).isEqualTo(busybox.uuid());
        }
    }

    private UUID imported(String reference) {
        return contree.images().importFrom(reference).execute().uuid();
    }

    @Test
    void preservedEnvironmentIsPartOfTheState() {
        Image kept =
                busybox.command("true").env("A", "1").preserveEnv().execute().image();
        assertThat(kept.uuid()).isNotEqualTo(busybox.uuid());
        assertThat(kept.shell("echo $A").execute().stdout()).isEqualTo("1\n");
        RunResult dropped = kept.command("true").env("A", "").preserveEnv().execute();
        assertThat(dropped.image().uuid()).isEqualTo(busybox.uuid());
    }
}
