package io.contree.engine.log;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.api.EventType;
import io.contree.store.StoreException;
import io.contree.testkit.FailingDisk;
import io.contree.testkit.LeakChecked;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Random;
import org.junit.jupiter.api.Test;

@LeakChecked
class LostLogIT {
    /** The kernel reports lost pages once, and nobody waits for the first flush of a log. */
    @Test
    void aLogThatWasLostStaysLost() throws Exception {
        try (FailingDisk disk = FailingDisk.make()) {
            Path file = disk.path().resolve("log.jsonl");
            try (EventLog log = new EventLog(file, Clock.systemUTC(), 64 << 20)) {
                byte[] output = new byte[4 << 20];
                new Random(1).nextBytes(output);
                disk.fail();
                log.appendStream(1, EventType.STDOUT, output);
                log.startSync(Runnable::run);
                disk.heal();

                for (int i = 0; i < 2; i++) {
                    assertThatThrownBy(log::sync)
                            .isInstanceOf(StoreException.class)
                            .hasMessageContaining("could not put the event log on disk")
                            .hasMessageNotContaining(disk.path().toString());
                }
            }
        }
    }
}
