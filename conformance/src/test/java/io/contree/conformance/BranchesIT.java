package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.sdk.Image;
import io.contree.testkit.LeakChecked;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many branches side by side. */
@LeakChecked
class BranchesIT extends ServerSuite {
    @Test
    void twoHundredRunsSixteenAtATime() throws Exception {
        List<Callable<UUID>> runs = IntStream.range(0, 200)
                .<Callable<UUID>>mapToObj(n -> () -> {
                    Image image = after(busybox, "echo " + n + " > /n");
                    assertThat(image.readText("/n")).isEqualTo(n + "\n");
                    return image.uuid();
                })
                .toList();
        try (ExecutorService pool = Executors.newFixedThreadPool(16)) {
            List<Future<UUID>> images = pool.invokeAll(runs);
            assertThat(images.stream().map(Future::resultNow).distinct()).hasSize(200);
        }
        assertThat(server.data().resolve("checkouts"))
                .satisfiesAnyOf(
                        path -> assertThat(path).doesNotExist(),
                        path -> assertThat(path).isEmptyDirectory());
    }

    @Test
    void aFullQueueRefusesBeforeAnythingWasDone() throws Exception {
        try (TestServer small = TestServer.start(
                java.nio.file.Files.createDirectory(home.resolve("small")),
                "--max-running",
                "1",
                "--max-queued",
                "2")) {
            Api smallApi = small.api();
            String image = smallApi.importImage("rootfs:" + root, "box:1");
            List<String> accepted = new java.util.ArrayList<>();
            java.net.http.HttpResponse<byte[]> refused = null;
            for (int i = 0; i < 10 && refused == null; i++) {
                var response = smallApi.post(
                        "/instances", Map.of("image", image, "command", "sleep 2", "shell", true, "disposable", true));
                if (response.statusCode() == 429) {
                    refused = response;
                } else {
                    accepted.add(Api.text(response));
                }
            }
            assertThat(refused).as("accepted " + accepted).isNotNull();
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            assertThat(accepted).hasSizeBetween(2, 4);
            assertThat(smallApi.getJson("/operations?kind=instance").size()).isEqualTo(accepted.size());
        }
    }
}
