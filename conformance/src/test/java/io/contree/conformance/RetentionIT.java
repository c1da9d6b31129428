package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.sdk.Image;
import io.contree.sdk.ImageQuery;
import io.contree.sdk.NotFoundException;
import io.contree.sdk.OperationQuery;
import io.contree.store.disk.Layout;
import io.contree.testkit.LeakChecked;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a project keeps by its rules, and what it does not. */
@LeakChecked
class RetentionIT extends ServerSuite {
    @Override
    String[] options() {
        return new String[] {"--retention", "images=8,uploads=2/1MiB,operations=12,logs=5", "--collect-interval", "1s"};
    }

    @Test
    void theNewestAndTheNamedStay() throws Exception {
        assertThat(api.getJson("/whoami").path("retention").asText())
                .isEqualTo("images=8,uploads=2/1MiB,operations=12,logs=5");
        List<Image> images = new ArrayList<>();
        Image pinned = after(busybox, "echo pinned > /f");
        pinned.pin();
        Image tagged = after(busybox, "echo tagged > /f").tagAs("kept:1");
        for (int i = 0; i < 20; i++) {
            images.add(after(busybox, "echo " + i + " > /f"));
        }
        eventually(() -> contree.images().list(ImageQuery.all()).count() <= 8);
        assertThat(contree.images().list().map(Image::uuid))
                .contains(
                        busybox.uuid(),
                        pinned.uuid(),
                        tagged.uuid(),
                        images.getLast().uuid())
                .doesNotContain(images.getFirst().uuid());
        assertThat(pinned.readText("/f")).isEqualTo("pinned\n");
        assertThat(images.getLast().readText("/f")).isEqualTo("19\n");
        assertThatThrownBy(() -> images.getFirst().readText("/f")).isInstanceOf(NotFoundException.class);

        eventually(() -> contree.operations().list(OperationQuery.all()).count() <= 12);
        eventually(() -> logs() <= 5);
        Layout layout = new Layout(home.resolve("data"));
        eventually(() -> children(layout.layers()) <= 8);
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    /** The server's own rounds come every second. */
    private static void eventually(Condition condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.holds()) {
            assertThat(System.nanoTime())
                    .as("retention is applied within a minute")
                    .isLessThan(deadline);
            Thread.sleep(100);
        }
    }

    private long logs() throws Exception {
        try (Stream<Path> files = Files.walk(new Layout(home.resolve("data")).operations())) {
            return files.filter(Files::isRegularFile).count();
        }
    }

    private static long children(Path directory) throws Exception {
        try (Stream<Path> files = Files.list(directory)) {
            return files.count();
        }
    }
}
