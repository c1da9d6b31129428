package io.contree.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.contree.api.OperationStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** What runs hold while they wait: their records, and nothing of the machine. */
@Isolated("it counts the threads and descriptors of the JVM")
class ManyWaitingTest {
    private static final int MANY = 5_000;
    /** The JVM's own, such as a jar that it reads a class from. */
    private static final int OWN = 8;

    @TempDir
    private Path data;

    private static long descriptors() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        }
    }

    private static long threads() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/task"))) {
            return all.count();
        }
    }

    private long logs() throws IOException {
        try (Stream<Path> all = Files.walk(data.resolve("logs"))) {
            return all.filter(Files::isRegularFile).count();
        }
    }

    @Test
    void thousandsOfWaitingRunsHoldNoThreadAndNoFile() throws Exception {
        try (EngineFixture fixture = EngineFixture.open(data, 1, MANY)) {
            UUID running = fixture.start("sleep");
            await().until(() -> fixture.status(running) == OperationStatus.EXECUTING);
            await().until(() -> logs() == 1);
            long threads = threads();
            long descriptors = descriptors();

            List<UUID> waiting = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                waiting.add(fixture.start("true"));
            }

            assertThat(threads()).isLessThanOrEqualTo(threads + OWN);
            assertThat(descriptors()).isLessThanOrEqualTo(descriptors + OWN);
            assertThat(logs()).isEqualTo(1);
            assertThat(fixture.store.openCheckouts()).isEqualTo(1);
            assertThat(fixture.sandboxes.started()).isEqualTo(1);
            assertThat(position(fixture, waiting.getFirst())).isEqualTo(1);
            assertThat(position(fixture, waiting.getLast())).isEqualTo(MANY);

            fixture.engine.operations().cancel(fixture.caller, running);
            for (UUID operation : waiting) {
                assertThat(fixture.end(operation).summary().status()).isEqualTo(OperationStatus.SUCCESS);
            }
        }
    }

    private static Long position(EngineFixture fixture, UUID operation) {
        return fixture.engine
                .operations()
                .get(fixture.caller, operation, false)
                .summary()
                .queuePosition();
    }
}
