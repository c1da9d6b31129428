package io.contree.conformance.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.embedded.EmbeddedContree;
import io.contree.sdk.Image;
import io.contree.testkit.Requirements;
import io.contree.testkit.RootFs;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** docs/sdk/testing.md. */
@Isolated("takes standard output")
class TestingPageIT {
    @Test
    void embedded(@TempDir Path directory) throws Exception {
        Requirements.root();
        Path root = RootFs.busybox(directory.resolve("root"));
        Path data = directory.resolve("data");
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream console = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            // docs: embedded
            try (EmbeddedContree contree = EmbeddedContree.start(data)) {
                Image box = contree.client()
                        .images()
                        .importFrom("rootfs:" + root)
                        .tag("box:1")
                        .execute();
                System.out.print(box.shell("echo hello").execute().stdout());
            }
            // end
        } finally {
            System.setOut(console);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEqualTo("hello\n");
    }
}
