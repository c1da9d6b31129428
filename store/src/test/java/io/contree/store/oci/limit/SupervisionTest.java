package io.contree.store.oci.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.store.Importer;
import io.contree.store.StoreException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** The deadline of an import, whatever the import hangs in. */
class SupervisionTest {
    private static final Importer.Progress SILENT = (what, done, total) -> {};

    @Test
    void whatHangsIsInterruptedAtTheDeadlineAndHasEndedOnReturn() {
        AtomicBoolean interrupted = new AtomicBoolean();

        assertThatThrownBy(() -> Supervision.run(new ImportControl(SILENT, Duration.ofSeconds(1), true), () -> {
                    try {
                        new CountDownLatch(1).await();
                        return null;
                    } catch (InterruptedException e) {
                        interrupted.set(true);
                        throw e;
                    }
                }))
                .isInstanceOfSatisfying(StoreException.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(StoreException.Kind.REGISTRY);
                    assertThat(failure).hasMessageContaining("timed out after 1 s");
                });
        assertThat(interrupted).isTrue();
    }

    @Test
    void whatEndsInTimeIsReturned() throws Exception {
        assertThat(Supervision.<String>run(new ImportControl(SILENT, Duration.ofHours(1), false), () -> "done"))
                .isEqualTo("done");
    }
}
