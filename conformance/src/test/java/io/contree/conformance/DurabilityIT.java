package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.sdk.Contree;
import io.contree.sdk.EventStream;
import io.contree.sdk.Image;
import io.contree.sdk.OperationFailedException;
import io.contree.testkit.LeakChecked;
import io.contree.testkit.RootFs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** After SIGKILL everything acknowledged is there with its bytes, and nothing else is. */
@LeakChecked
class DurabilityIT {
    @TempDir
    Path home;

    @Test
    void killedUnderLoad() throws Exception {
        RootFs.busybox(home.resolve("root"));
        TestServer first = TestServer.start(home);
        Map<UUID, byte[]> acknowledged = new LinkedHashMap<>();
        List<UUID> running = new ArrayList<>();
        try (Contree contree = first.connect()) {
            Image box = contree.images()
                    .importFrom("rootfs:" + home.resolve("root"))
                    .execute();
            for (int i = 0; i < 10; i++) {
                Image image = ServerSuite.after(box, "echo " + i + " > /i; head -c 100000 /dev/urandom > /r");
                acknowledged.put(image.uuid(), image.read("/r"));
            }
            for (int i = 0; i < 6; i++) {
                running.add(
                        box.shell("while true; do date > /now; done").start().operation());
            }
            Thread.sleep(300);
            first.killHard();
        }
        try (TestServer second = TestServer.start(home);
                Contree contree = second.connect()) {
            int i = 0;
            for (UUID uuid : acknowledged.keySet()) {
                Image image = contree.images().use(uuid);
                assertThat(image.read("/r")).isEqualTo(acknowledged.get(uuid));
                assertThat(image.readText("/i")).isEqualTo(i++ + "\n");
                assertThat(ServerSuite.after(image, "true").uuid()).isEqualTo(uuid);
            }
            for (UUID operation : running) {
                assertThatThrownBy(() -> contree.operations().await(operation))
                        .isInstanceOf(OperationFailedException.class)
                        .hasMessageContaining("interrupted");
                try (EventStream events = contree.operations().events(operation)) {
                    assertThat(events).toIterable().last().asString().contains("completion", "FAILED");
                }
            }
            assertThat(second.data().resolve("checkouts"))
                    .satisfiesAnyOf(
                            path -> assertThat(path).doesNotExist(),
                            path -> assertThat(path).isEmptyDirectory());
        }
    }
}
