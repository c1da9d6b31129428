package io.contree.engine.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.api.OperationStatus;
import io.contree.api.OperationSummary;
import io.contree.engine.Samples;
import io.contree.engine.log.EventLog;
import io.contree.store.Store;
import java.nio.file.Path;
import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperationViewsTest {
    @TempDir
    Path directory;

    /** A client that asks just as the run ends sees either none of the end or all of it. */
    @Test
    void anEndIsSeenWhole() throws Exception {
        CyclicBarrier together = new CyclicBarrier(2);
        for (int i = 0; i < 5_000; i++) {
            UUID image = UUID.randomUUID();
            LiveOperation operation = new LiveOperation(
                    Samples.run(UUID.randomUUID(), image, Samples.THEN),
                    new EventLog(directory.resolve("log"), Clock.systemUTC(), 1 << 10),
                    new NoHold(),
                    Clock.systemUTC());
            operation.executing();
            Thread ending = Thread.ofPlatform().start(() -> {
                try {
                    together.await();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
                operation.ended(Samples.success(image, Samples.THEN));
            });
            together.await();
            OperationSummary seen;
            do {
                seen = OperationViews.summary(operation);
            } while (seen.status() != OperationStatus.SUCCESS);
            ending.join();

            assertThat(seen.resultImageUuid()).as("in round %d", i).isEqualTo(image);
        }
    }

    private static final class NoHold implements Store.Hold {
        @Override
        public void add(UUID image) {}

        @Override
        public void close() {}
    }
}
