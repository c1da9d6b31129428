package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.testkit.LoopbackRegistry;
import io.contree.testkit.RootFs;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** One UUID names one filesystem state, however it was reached. */
class IdentityIT extends ServerSuite {
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
    void whatChangesNothingKeepsTheUuid(String command) throws Exception {
        JsonNode record = api.shell(box, command);
        assertThat(record.get("status").asString()).as(record.toString()).isEqualTo("SUCCESS");
        assertThat(record.at("/result/image").asString()).as(record.toString()).isEqualTo(box);
    }

    @Test
    void aChangeANoOpAndItsUndoing() throws Exception {
        String changed = api.imageAfter(box, "cd /; echo CHANGES > file.txt");
        assertThat(changed).isNotEqualTo(box);
        assertThat(api.imageAfter(changed, "sleep 1")).isEqualTo(changed);
        assertThat(api.imageAfter(changed, "rm /file.txt")).isEqualTo(box);
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
    void everyKindOfChangeMakesANewState(String command) throws Exception {
        assertThat(api.imageAfter(box, command)).isNotEqualTo(box);
    }

    @Test
    void sameBytesAtOtherTimesAreOtherStatesOfTheSameContent() throws Exception {
        String first = api.imageAfter(box, "echo same > /same");
        Thread.sleep(20);
        String second = api.imageAfter(box, "echo same > /same");
        assertThat(first).isNotEqualTo(second);
        assertThat(api.contentDigest(first)).isEqualTo(api.contentDigest(second));
        assertThat(api.contentDigest(first)).isNotEqualTo(api.contentDigest(box));
    }

    @Test
    void branchesNeverSeeEachOtherAndParentsNeverChange() throws Exception {
        String parent = api.imageAfter(box, "mkdir /w; echo parent > /w/file");
        String left = api.imageAfter(parent, "echo left > /w/file; echo l > /w/left");
        String right = api.imageAfter(parent, "rm /w/file; echo r > /w/right");
        assertThat(api.read(parent, "/w/file")).asString(StandardCharsets.UTF_8).isEqualTo("parent\n");
        assertThat(api.read(left, "/w/file")).asString(StandardCharsets.UTF_8).isEqualTo("left\n");
        assertThat(names(left, "/w")).containsExactly("file", "left");
        assertThat(names(right, "/w")).containsExactly("right");
        assertThat(names(parent, "/w")).containsExactly("file");
    }

    @Test
    void theSameTreeFromDirectoryTarAndRegistryIsOneState() throws Exception {
        Path tar = RootFs.pack(root, home.resolve("root.tar"));
        assertThat(api.importImage("rootfs:" + tar, "by:tar")).isEqualTo(box);
        try (LoopbackRegistry registry = LoopbackRegistry.open()) {
            String reference = RegistryImage.push(registry, root, "test/box", home);
            assertThat(api.importImage("docker://" + reference, "by:registry")).isEqualTo(box);
        }
    }

    @Test
    void preservedEnvironmentIsPartOfTheState() throws Exception {
        JsonNode record = api.await(api.spawn(
                Map.of("image", box, "command", "true", "shell", true, "env", Map.of("A", "1"), "preserve_env", true)));
        String kept = record.at("/result/image").asString();
        assertThat(kept).isNotEqualTo(box);
        JsonNode echoed = api.shell(kept, "echo $A");
        assertThat(echoed.at("/metadata/result/stdout/value").asString()).isEqualTo("1\n");
        JsonNode dropped = api.await(api.spawn(
                Map.of("image", kept, "command", "true", "shell", true, "env", Map.of("A", ""), "preserve_env", true)));
        assertThat(dropped.at("/result/image").asString()).isEqualTo(box);
    }

    private List<String> names(String image, String path) throws Exception {
        return api.getJson("/inspect/" + image + "/list?path=" + Api.encode(path))
                .get("files")
                .valueStream()
                .map(file -> file.get("path").asString())
                .toList();
    }
}
