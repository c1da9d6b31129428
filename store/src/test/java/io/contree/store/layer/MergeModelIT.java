package io.contree.store.layer;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.store.overlay.StoreFixture;
import io.contree.testkit.LeakChecker;
import io.contree.testkit.SeededRandom;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Long random histories with branches, in stacks that are merged all the time, against a model that knows no layers:
 * after each run the image equals the model to runs, to every reader and by its UUID, and so do older ones. Longer
 * histories by hand: {@code -Dcontree.merge.runs=5000 -Dcontree.merge.cases=3}.
 */
@ExtendWith(LeakChecker.class)
class MergeModelIT {
    private static final int CASES = Integer.getInteger("contree.merge.cases", 1);
    private static final int RUNS = Integer.getInteger("contree.merge.runs", 200);
    private static final int DEPTH = 8;

    @Test
    void everyStateIsTheModels() {
        SeededRandom.forAll(CASES, random -> {
            Path data = Files.createTempDirectory("contree-merge-");
            try (StoreFixture store = new StoreFixture(data, Optional.empty(), DEPTH)) {
                ModelHistory history = new ModelHistory(store, random);
                history.run(RUNS, DEPTH);
                assertThat(store.faults()).isEmpty();
                store.reopen();
                history.verifyAll();
            }
        });
    }
}
