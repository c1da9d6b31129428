package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.api.OperationStatus;
import io.contree.api.OperationSummary;
import io.contree.sdk.OperationCancelledException;
import io.contree.sdk.OperationFailedException;
import io.contree.sdk.RunResult;
import io.contree.sdk.fanout.FanOut;
import io.contree.sdk.fanout.Outcome;
import io.contree.testkit.LeakChecked;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many runs at once with the Java SDK, on a server that takes few. */
@LeakChecked
class SdkFanOutIT extends ServerSuite {
    @Override
    String[] options() {
        return new String[] {"--max-running", "2", "--max-queued", "2"};
    }

    @Test
    void goesOnWhereTheServerIsFull() {
        List<Integer> items = IntStream.range(0, 24).boxed().toList();

        List<Outcome<Integer>> outcomes = FanOut.over(items, n -> busybox.shell("echo " + n + " > /n; sleep 0.2"))
                .atMost(12)
                .execute();

        assertThat(outcomes).extracting(Outcome::item).isEqualTo(items);
        assertThat(outcomes)
                .allSatisfy(outcome ->
                        assertThat(outcome.result().image().readText("/n")).isEqualTo(outcome.item() + "\n"));
    }

    @Test
    void theFirstThatFitsCancelsTheOthersOnTheServer() {
        long began = System.nanoTime();
        Outcome<String> found = FanOut.over(
                        List.of("sleep 60", "exit 1", "echo found", "sleep 60", "sleep 60"),
                        command -> busybox.shell(command).timeout(Duration.ofMinutes(2)))
                .atMost(2)
                .first(RunResult::succeeded)
                .orElseThrow();

        assertThat(found.result().stdout()).isEqualTo("found\n");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofMinutes(1));
        List<OperationStatus> ends = contree.operations().list().map(this::end).toList();
        assertThat(ends).contains(OperationStatus.CANCELLED).doesNotContain(OperationStatus.EXECUTING);
    }

    /** A cancelled operation may take a moment; one that was left alone would take the test's time. */
    private OperationStatus end(OperationSummary operation) {
        try {
            return contree.operations()
                    .await(operation.uuid(), Duration.ofSeconds(20))
                    .status();
        } catch (OperationCancelledException e) {
            return OperationStatus.CANCELLED;
        } catch (OperationFailedException e) {
            return OperationStatus.FAILED;
        }
    }

    @Test
    void aProgramThatIsNotThereIsOneOutcomeOfMany() {
        List<Outcome<String>> outcomes = FanOut.over(List.of("true", "no-such-program", "false"), busybox::command)
                .execute();

        assertThat(outcomes).extracting(Outcome::succeeded).containsExactly(true, false, false);
        assertThat(outcomes.get(1).failure()).containsInstanceOf(OperationFailedException.class);
    }
}
