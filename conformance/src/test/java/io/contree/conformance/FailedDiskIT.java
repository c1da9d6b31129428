package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.sdk.Contree;
import io.contree.sdk.ContreeClientException;
import io.contree.sdk.Image;
import io.contree.testkit.FailingDisk;
import io.contree.testkit.LeakChecked;
import io.contree.testkit.RootFs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that fails under a server: what it had confirmed is there when it is started again. */
@LeakChecked
class FailedDiskIT {
    private static final int EX_IOERR = 74;
    private static final int MOST = 400;

    @TempDir
    Path home;

    @Test
    void theServerEndsRatherThanConfirmWhatWouldBeLost() throws Exception {
        RootFs.busybox(home.resolve("root"));
        try (FailingDisk disk = FailingDisk.make()) {
            Files.createSymbolicLink(home.resolve("data"), disk.path().resolve("data"));
            Files.createDirectory(disk.path().resolve("data"));
            Map<UUID, String> confirmed = new LinkedHashMap<>();
            TestServer first = TestServer.start(home);
            try (Contree contree = first.connect()) {
                Image box = contree.images()
                        .importFrom("rootfs:" + home.resolve("root"))
                        .execute();
                for (int i = 0; i < 3; i++) {
                    confirmed.put(ServerSuite.after(box, "echo " + i + " > /i").uuid(), i + "\n");
                }
                disk.fail();
                List<ContreeClientException> failures = new ArrayList<>();
                for (int i = 3; i < MOST && first.isAlive(); i++) {
                    try {
                        confirmed.put(
                                ServerSuite.after(box, "echo " + i + " > /i").uuid(), i + "\n");
                    } catch (ContreeClientException e) {
                        failures.add(e);
                    }
                }
                assertThat(failures).isNotEmpty();
                assertThat(failures)
                        .allSatisfy(e -> assertThat(e)
                                .hasMessageNotContaining(home.toString())
                                .hasMessageNotContaining(disk.path().toString()));
            }
            assertThat(first.awaitExit()).isEqualTo(EX_IOERR);
            assertThat(first.log()).contains("the disk failed under its catalog");
            disk.heal();
            disk.forget();
            try (TestServer second = TestServer.start(home);
                    Contree contree = second.connect()) {
                for (Map.Entry<UUID, String> image : confirmed.entrySet()) {
                    assertThat(contree.images().use(image.getKey()).readText("/i"))
                            .isEqualTo(image.getValue());
                }
                Image box = contree.images().use(confirmed.keySet().iterator().next());
                assertThat(ServerSuite.after(box, "echo on > /j").readText("/j"))
                        .isEqualTo("on\n");
            }
        }
    }
}
