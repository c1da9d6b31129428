package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.linux.IdMapping;
import io.contree.testkit.RootFs;
import io.contree.testkit.SeededRandom;
import io.contree.testkit.walk.TwoWalks;
import io.contree.testkit.walk.Walker;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * A random walk of file operations over many runs, against the same walk in one plain tree on the same disk. Longer ones by hand:
 * {@code -Dcontree.chain.steps=200 -Dcontree.chain.operations=100}, with {@code -Dcontree.seed=fresh} for other ones.
 */
class ChainOfRunsIT extends OneMachineSuite {
    private static final int STEPS = Integer.getInteger("contree.chain.steps", 20);
    private static final int OPERATIONS = Integer.getInteger("contree.chain.operations", 60);
    private static final int SETTLED_EACH = 5;

    @Override
    boolean merges() {
        return true;
    }

    @Override
    void fill(Path tree) throws Exception {
        RootFs.busybox(Files.createDirectory(tree));
        Files.createDirectory(tree.resolve("w"));
    }

    @Test
    void aChainOfRunsIsOneMachine() {
        SeededRandom.forAll(1, random -> {
            Path directory = plain.root().resolve("w");
            walker.run(directory, Walker.step(random.seed(), 0, 2 * OPERATIONS, true));
            Chain chain = new Chain(imported());
            // As runs are: root of a user namespace may not all that root may.
            TwoWalks walks = new TwoWalks(
                    step -> walker.runMapped(IdMapping.DEFAULT, directory, step), step -> chain.walk("/w", step));
            for (int step = 1; step <= STEPS; step++) {
                boolean settles = step % SETTLED_EACH == 0;
                walks.step("step " + step, Walker.step(random.seed(), step, OPERATIONS, settles));
                if (settles) {
                    assertThat(chain.image().uuid())
                            .as("after step %s", step)
                            .isEqualTo(imported().uuid());
                }
            }
        });
    }
}
