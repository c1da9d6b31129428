package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.testkit.LeakChecker;
import io.contree.testkit.RootFs;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** After SIGKILL everything acknowledged is there with its bytes, and nothing else is. */
@ExtendWith(LeakChecker.class)
class DurabilityIT {
    @TempDir
    Path home;

    @Test
    void killedUnderLoad() throws Exception {
        RootFs.busybox(home.resolve("root"));
        TestServer first = TestServer.start(home);
        Api api = first.api();
        String box = api.importImage("rootfs:" + home.resolve("root"), "box:1");
        List<String> acknowledged = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            acknowledged.add(api.imageAfter(box, "echo " + i + " > /i; head -c 100000 /dev/urandom > /r"));
        }
        List<byte[]> bytes = new ArrayList<>();
        for (String image : acknowledged) {
            bytes.add(api.read(image, "/r"));
        }
        List<String> running = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            running.add(api.spawn(Map.of(
                    "image", box, "command", "while true; do date > /now; done", "shell", true, "timeout", 600)));
        }
        Thread.sleep(300);
        first.killHard();

        try (TestServer second = TestServer.start(home)) {
            Api again = second.api();
            for (int i = 0; i < acknowledged.size(); i++) {
                assertThat(again.read(acknowledged.get(i), "/r")).isEqualTo(bytes.get(i));
                assertThat(new String(again.read(acknowledged.get(i), "/i"), StandardCharsets.UTF_8))
                        .isEqualTo(i + "\n");
            }
            for (String operation : running) {
                JsonNode record = again.getJson("/operations/" + operation);
                assertThat(record.get("status").asString()).isEqualTo("FAILED");
                assertThat(record.get("error").asString()).containsIgnoringCase("interrupted");
                String events = new String(
                        again.get("/operations/" + operation + "/events").body(), StandardCharsets.UTF_8);
                assertThat(events).contains("event: completion").contains("FAILED");
            }
            assertThat(second.data().resolve("checkouts"))
                    .satisfiesAnyOf(
                            path -> assertThat(path).doesNotExist(),
                            path -> assertThat(path).isEmptyDirectory());
            assertThat(again.imageAfter(acknowledged.get(3), "true")).isEqualTo(acknowledged.get(3));
        }
    }
}
