package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.contree.api.LimitReached;
import io.contree.api.LimitReached.Limit;
import io.contree.api.RunOutcome;
import io.contree.api.RunOutcome.Reason;
import io.contree.sdk.Execution;
import io.contree.sdk.OperationFailedException;
import io.contree.sdk.Outcome;
import io.contree.sdk.ProcessResult;
import io.contree.sdk.RunResult;
import io.contree.sdk.async.AsyncContree;
import io.contree.sdk.async.AsyncRunResult;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How a run ended and which limits it met, as the record and both clients of ours say it. */
class OutcomesIT extends ServerSuite {
    private static final long MEMORY = 64L << 20;
    private static final int PIDS = 40;
    /** Takes all the memory there is. */
    private static final String HOG = "tail /dev/zero";

    @Override
    String[] options() {
        return new String[] {"--memory", "64MiB", "--pids", Integer.toString(PIDS)};
    }

    @Test
    void anUneventfulRunMetNoLimit() {
        RunResult result = busybox.shell("exit 3").execute();

        assertThat(outcome(result)).isEqualTo(new RunOutcome(Reason.EXITED, List.of()));
        assertThat(result.limits()).isEmpty();
    }

    @Test
    void aRunThatWasKilledForMemorySaysSo() throws Exception {
        RunResult result = busybox.shell("exec " + HOG).execute();

        assertThat(result.outcome()).isEqualTo(Outcome.OUT_OF_MEMORY);
        assertThat(outcome(result).reason()).isEqualTo(Reason.MEMORY_LIMIT);
        assertOutOfMemory(result.limits());
        JsonNode record = record(result.operation().uuid());
        assertThat(record.at("/outcome/reason").asString()).isEqualTo("memory_limit");
        assertThat(record.at("/outcome/limits/0/limit").asString()).isEqualTo("memory");
        assertThat(record.at("/outcome/limits/0/allowed").asLong()).isEqualTo(MEMORY);
        assertThat(record.at("/status").asString()).isEqualTo("SUCCESS");
        assertThat(record.at("/metadata/result/state/signal").asInt()).isEqualTo(9);
    }

    @Test
    void aChildThatWasKilledForMemoryIsReportedThoughTheCommandWentOn() throws Exception {
        String script = HOG + "; " + HOG + "; echo went on; exit 0";
        RunResult result = busybox.shell(script).execute();

        assertThat(result.stdout()).isEqualTo("went on\n");
        assertThat(result.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(outcome(result).reason()).isEqualTo(Reason.EXITED);
        assertOutOfMemory(result.limits());
        assertThat(result.limit(Limit.MEMORY).orElseThrow().count()).isEqualTo(2);
        try (AsyncContree async = server.connect().async()) {
            AsyncRunResult same =
                    async.images().use(box).shell(script).execute().get();
            assertThat(same.outcome()).isEqualTo(Outcome.SUCCEEDED);
            assertOutOfMemory(same.limits());
            assertThat(same.limit(Limit.MEMORY)).isPresent();
        }
    }

    @Test
    void aSubprocessThatWasKilledForMemoryIsReportedByItsRecordAndItsRun() {
        Execution run = busybox.shell("read line; exit 0").openStdin().start();
        ProcessResult killed =
                run.subprocesses().command("tail", "/dev/zero").start().await();
        ProcessResult shell = run.subprocesses()
                .shell(HOG + "; exit 4")
                .outputLimit(100)
                .start()
                .await();
        ProcessResult next =
                run.subprocesses().shell("seq 100").outputLimit(100).start().await();
        run.closeStdin();

        assertThat(killed.signal()).hasValue(9);
        assertThat(killed.outcome().orElseThrow().reason()).isEqualTo(Reason.MEMORY_LIMIT);
        assertOutOfMemory(killed.outcome().orElseThrow().limits());
        assertThat(shell.outcome().orElseThrow().reason()).isEqualTo(Reason.EXITED);
        assertOutOfMemory(shell.outcome().orElseThrow().limits());
        assertThat(next.outcome())
                .contains(new RunOutcome(Reason.EXITED, List.of(LimitReached.output("stdout", 100, 292))));
        RunResult whole = run.await();
        assertOutOfMemory(whole.limits());
        assertThat(whole.limit(Limit.MEMORY).orElseThrow().count()).isEqualTo(2);
    }

    @Test
    void newProcessesThatWereRefusedAreReported() {
        RunResult result = busybox.shell("for i in $(seq 60); do sleep 100 & done; echo went on")
                .execute();

        LimitReached pids = result.limit(Limit.PIDS).orElseThrow();
        assertThat(pids.allowed()).isEqualTo(PIDS);
        assertThat(pids.peak()).isEqualTo(PIDS);
        assertThat(pids.unit()).isEqualTo("processes");
        assertThat(outcome(result).reason()).isEqualTo(Reason.EXITED);
        assertThat(result.limits()).hasSize(1);
    }

    @Test
    void theTimeThatWasAllowedAndTheTimeThatWasTakenAreReported() {
        RunResult result =
                busybox.shell("sleep 100").timeout(Duration.ofSeconds(1)).execute();

        assertThat(outcome(result).reason()).isEqualTo(Reason.TIME_LIMIT);
        LimitReached time = result.limit(Limit.TIME).orElseThrow();
        assertThat(time.allowed()).isEqualTo(1000);
        assertThat(time.peak()).isGreaterThanOrEqualTo(1000);
    }

    @Test
    void outputThatWasCutIsReportedForEachStream() {
        RunResult result = busybox.shell("head -c 5000 /dev/zero; head -c 300 /dev/zero >&2; exit 1")
                .outputLimit(100)
                .execute();

        assertThat(outcome(result))
                .isEqualTo(new RunOutcome(
                        Reason.EXITED,
                        List.of(LimitReached.output("stdout", 100, 5000), LimitReached.output("stderr", 100, 300))));
    }

    @Test
    void severalLimitsAreReportedTogether() {
        RunResult result = busybox.shell(HOG + "; head -c 5000 /dev/zero; sleep 100")
                .outputLimit(100)
                .timeout(Duration.ofSeconds(5))
                .execute();

        assertThat(result.limits())
                .extracting(LimitReached::limit)
                .containsExactlyInAnyOrder(Limit.MEMORY, Limit.OUTPUT, Limit.TIME);
        assertThat(outcome(result).reason()).isEqualTo(Reason.TIME_LIMIT);
    }

    @Test
    void aRunThatWroteTooMuchSaysSoInItsException() {
        OperationFailedException failure = catchThrowableOfType(
                OperationFailedException.class,
                () -> busybox.shell("head -c 3000000 /dev/zero > /big")
                        .maxLayerBytes(1_000_000)
                        .execute());

        RunOutcome outcome = failure.outcome().orElseThrow();
        assertThat(outcome.reason()).isEqualTo(Reason.DISK_LIMIT);
        LimitReached disk = outcome.limit(Limit.DISK).orElseThrow();
        assertThat(disk.allowed()).isEqualTo(1_000_000);
        assertThat(disk.peak()).isGreaterThan(1_000_000);
    }

    @Test
    void otherEndsSayWhatDecided() throws Exception {
        assertThat(outcome(busybox.shell("kill -TERM $$").execute()))
                .isEqualTo(new RunOutcome(Reason.SIGNALLED, List.of()));
        OperationFailedException missing = catchThrowableOfType(
                OperationFailedException.class,
                () -> busybox.command("no-such-program").execute());
        assertThat(missing.outcome()).contains(new RunOutcome(Reason.SPAWN_FAILED, List.of()));
        Execution cancelled = busybox.shell("sleep 100").start();
        cancelled.cancel();
        cancelled.events().forEachRemaining(event -> {});
        assertThat(record(cancelled.operation()).at("/outcome/reason").asString())
                .isEqualTo("cancelled");
    }

    @Test
    void anImportHasNoOutcome() throws Exception {
        UUID operation = contree.operations()
                .list()
                .filter(found -> found.imageUuid() == null)
                .findFirst()
                .orElseThrow()
                .uuid();

        assertThat(record(operation).has("outcome")).isFalse();
    }

    private static RunOutcome outcome(RunResult result) {
        return result.operation().outcome().orElseThrow();
    }

    private static void assertOutOfMemory(List<LimitReached> limits) {
        assertThat(limits).hasSize(1);
        LimitReached memory = limits.getFirst();
        assertThat(memory.limit()).isEqualTo(Limit.MEMORY);
        assertThat(memory.allowed()).isEqualTo(MEMORY);
        assertThat(memory.peak()).isBetween(MEMORY / 2, MEMORY);
        assertThat(memory.unit()).isEqualTo("bytes");
        assertThat(memory.count()).isPositive();
    }

    private JsonNode record(UUID operation) throws Exception {
        return new JsonMapper().readTree(api.get("/operations/" + operation).body());
    }
}
