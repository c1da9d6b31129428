package io.contree.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.api.ContreeException;
import io.contree.api.Encoding;
import io.contree.api.ErrorCode;
import io.contree.api.InstanceResult;
import io.contree.api.LimitReached;
import io.contree.api.OperationEvent;
import io.contree.api.OperationStatus;
import io.contree.api.RunOutcome;
import io.contree.api.RunOutcome.Reason;
import io.contree.api.SpawnRequest;
import io.contree.api.Stdin;
import io.contree.engine.Caller;
import io.contree.engine.OperationDetails;
import io.contree.engine.Operations;
import io.contree.engine.Page;
import io.contree.engine.ProjectCatalog;
import io.contree.engine.Samples;
import io.contree.linux.Uninterruptibly;
import io.contree.store.StoreException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunTest {
    /** What {@code oom} causes in the fixture's sandboxes. */
    private static final LimitReached OUT_OF_MEMORY = LimitReached.memory(64 << 20, (64 << 20) - 1, 1);

    @TempDir
    private Path data;

    private EngineFixture fixture;

    @BeforeEach
    void open() {
        fixture = EngineFixture.open(data);
    }

    @AfterEach
    void leavesNothing() {
        fixture.close();
        assertThat(fixture.store.openCheckouts()).isZero();
        assertThat(fixture.sandboxes.running()).isZero();
        assertThat(fixture.catalog.unfinished()).isEmpty();
    }

    @Test
    void aRunThatChangesNothingYieldsItsImage() throws Exception {
        OperationDetails details = fixture.run("true");

        assertThat(details.summary().status()).isEqualTo(OperationStatus.SUCCESS);
        assertThat(details.summary().resultImageUuid()).isEqualTo(fixture.base.uuid());
        assertThat(details.summary().imageUuid()).isEqualTo(fixture.base.uuid());
        InstanceResult.State state = details.result().orElseThrow().state();
        assertThat(state).isEqualTo(new InstanceResult.State(0, -1, 7, false, false, false, false));
    }

    @Test
    void aNewStateBelongsToTheProjectAndCanBeRunOn() throws Exception {
        UUID written = fixture.run("write", "/file", "text").summary().resultImageUuid();
        UUID again = fixture.run(Samples.spawn(written.toString(), "rm", "/file"))
                .summary()
                .resultImageUuid();

        assertThat(written).isNotEqualTo(fixture.base.uuid());
        assertThat(fixture.store.content(written)).containsEntry("/file", "text");
        assertThat(fixture.store.content(fixture.base.uuid())).doesNotContainKey("/file");
        assertThat(again).isEqualTo(fixture.base.uuid());
        assertThat(fixture.engine.images().get(fixture.caller, written).operationUuid())
                .isNotNull();
        assertThat(fixture.catalog.stepsTo(fixture.caller.project(), written, 10))
                .extracting(ProjectCatalog.Step::input)
                .containsExactly(fixture.base.uuid());
    }

    @Test
    void failureOfTheCommandIsSuccessOfTheRun() throws Exception {
        OperationDetails details = fixture.run("exit", "3");

        assertThat(details.summary().status()).isEqualTo(OperationStatus.SUCCESS);
        assertThat(details.summary().resultImageUuid()).isNotNull();
        assertThat(details.result().orElseThrow().state().exitCode()).isEqualTo(3);
    }

    @Test
    void aDisposableRunKeepsNothing() throws Exception {
        OperationDetails details = fixture.run(disposable(fixture.request("write", "/file", "text")));

        assertThat(details.summary().status()).isEqualTo(OperationStatus.SUCCESS);
        assertThat(details.summary().resultImageUuid()).isNull();
        assertThat(fixture.store.commits()).isZero();
    }

    @Test
    void nobodyWaitsForTheRemovalOfWhatIsLeft() throws Exception {
        CountDownLatch removal = new CountDownLatch(1);
        fixture.store.whenClosed = () -> Uninterruptibly.get(() -> {
            removal.await();
            return removal;
        });
        try {
            assertThat(fixture.run("write", "/file", "text").summary().status()).isEqualTo(OperationStatus.SUCCESS);
        } finally {
            removal.countDown();
        }
    }

    @Test
    void whatCannotBeRemovedDoesNotFailTheRun() throws Exception {
        fixture.store.whenClosed = () -> {
            throw new StoreException(StoreException.Kind.IO, "cannot unmount");
        };
        assertThat(fixture.run("true").summary().status()).isEqualTo(OperationStatus.SUCCESS);
        fixture.store.whenClosed = () -> {};
        assertThat(fixture.run("true").summary().status()).isEqualTo(OperationStatus.SUCCESS);
    }

    private static SpawnRequest disposable(SpawnRequest from) {
        return from.toBuilder().disposable(true).build();
    }

    @Test
    void aProgramThatIsNotThereFailsTheRun() throws Exception {
        UUID operation = fixture.start("nosuch");
        OperationDetails details = fixture.end(operation);

        assertThat(details.summary().status()).isEqualTo(OperationStatus.FAILED);
        assertThat(details.summary().error()).isEqualTo("spawn failed: nosuch: executable file not found in PATH");
        assertThat(details.summary().resultImageUuid()).isNull();
        assertThat(details.result()).isEmpty();
        assertThat(shutdownReason(operation)).isEqualTo("spawn_failed");
    }

    private Object shutdownReason(UUID operation) throws InterruptedException {
        return fixture.events(operation).stream()
                .filter(event -> event.type().equals("shutdown"))
                .findFirst()
                .orElseThrow()
                .data()
                .get("reason");
    }

    @Test
    void aTimeoutCommitsAndSaysSo() throws Exception {
        UUID operation = fixture.start(timeout(fixture.request("sleep"), 1));
        OperationDetails details = fixture.end(operation);

        assertThat(details.summary().status()).isEqualTo(OperationStatus.SUCCESS);
        assertThat(details.summary().resultImageUuid()).isEqualTo(fixture.base.uuid());
        assertThat(details.result().orElseThrow().state().timedOut()).isTrue();
        assertThat(shutdownReason(operation)).isEqualTo("timeout");
    }

    @Test
    void aSandboxThatIgnoresItsDeadlineIsKilledFromOutside() throws Exception {
        UUID operation = fixture.start(timeout(fixture.request("hang"), 1));
        OperationDetails details = fixture.end(operation);

        assertThat(details.summary().status()).isEqualTo(OperationStatus.SUCCESS);
        assertThat(details.summary().resultImageUuid()).isEqualTo(fixture.base.uuid());
        InstanceResult.State state = details.result().orElseThrow().state();
        assertThat(state.timedOut()).isTrue();
        assertThat(state.signal()).isEqualTo(9);
        assertThat(fixture.events(operation))
                .extracting(OperationEvent::type)
                .containsExactly("init", "spawn", "exit", "shutdown", "completion");
    }

    @Test
    void itsLogSaysWhatKeptItApart() throws Exception {
        UUID operation = fixture.start(fixture.request("true"));
        fixture.end(operation);
        assertThat(fixture.events(operation).getFirst().data())
                .containsEntry("runtime", "fake")
                .containsEntry("isolation", "fake, no isolation");
    }

    @Test
    void itsRecordAndItsLogSayWhichRuntimeItAskedFor() throws Exception {
        UUID operation = fixture.start(
                fixture.request("true").toBuilder().runtime("other").build());
        OperationDetails details = fixture.end(operation);
        assertThat(((OperationDetails.Instance) details.request()).spawn().runtime())
                .isEqualTo("other");
        assertThat(fixture.events(operation).getFirst().data())
                .containsEntry("runtime", "other")
                .containsEntry("isolation", "other, no isolation");
    }

    private static SpawnRequest timeout(SpawnRequest from, int seconds) {
        return from.toBuilder().timeout(seconds).build();
    }

    @Test
    void theMemoryLimitIsNamed() throws Exception {
        UUID operation = fixture.start("oom");
        OperationDetails details = fixture.end(operation);

        assertThat(details.summary().status()).isEqualTo(OperationStatus.SUCCESS);
        assertThat(details.result().orElseThrow().state().signal()).isEqualTo(9);
        assertThat(fixture.events(operation)).extracting(OperationEvent::type).contains("oom");
        assertThat(shutdownReason(operation)).isEqualTo("out_of_memory");
        assertThat(details.outcome()).contains(new RunOutcome(Reason.MEMORY_LIMIT, List.of(OUT_OF_MEMORY)));
        assertThat(fixture.catalog.operation(fixture.caller.project(), operation))
                .get()
                .extracting(found -> found.end().orElseThrow().run())
                .isEqualTo(details.outcome());
    }

    @Test
    void theMemoryLimitIsNamedAlsoWhereItHitAnotherThanTheMainProcess() throws Exception {
        OperationDetails details = fixture.run("oom-inside");

        assertThat(details.result().orElseThrow().state().exitCode()).isZero();
        assertThat(fixture.events(details.summary().uuid()))
                .extracting(OperationEvent::type)
                .containsExactly("init", "spawn", "exit", "oom", "shutdown", "completion");
        assertThat(details.outcome()).contains(new RunOutcome(Reason.EXITED, List.of(OUT_OF_MEMORY)));
    }

    @Test
    void theOutcomeSaysWhatDecided() throws Exception {
        assertThat(outcome(fixture.request("true"))).isEqualTo(new RunOutcome(Reason.EXITED, List.of()));
        assertThat(outcome(fixture.request("exit", "7"))).isEqualTo(new RunOutcome(Reason.EXITED, List.of()));
        assertThat(outcome(fixture.request("crash"))).isEqualTo(new RunOutcome(Reason.INFRASTRUCTURE, List.of()));
        assertThat(outcome(fixture.request("no-such-program")))
                .isEqualTo(new RunOutcome(Reason.SPAWN_FAILED, List.of()));
    }

    @Test
    void theOutcomeHasTheTimeThatWasAllowedAndTheTimeThatWasTaken() throws Exception {
        RunOutcome outcome = outcome(timeout(fixture.request("sleep"), 1));

        assertThat(outcome.reason()).isEqualTo(Reason.TIME_LIMIT);
        assertThat(outcome.limit(LimitReached.Limit.TIME))
                .get()
                .satisfies(time -> assertThat(time.allowed()).isEqualTo(1000));
    }

    @Test
    void theOutcomeHasTheOutputThatWasAllowedAndTheOutputThatWasWritten() throws Exception {
        SpawnRequest spew = fixture.request("spew", "300000");

        assertThat(outcome(Samples.withOutput(spew, 100_000)))
                .isEqualTo(new RunOutcome(Reason.EXITED, List.of(LimitReached.output("stdout", 100_000, 300_000))));
        assertThat(outcome(Samples.withOutput(spew, 300_000))).isEqualTo(new RunOutcome(Reason.EXITED, List.of()));
    }

    private RunOutcome outcome(SpawnRequest request) throws InterruptedException {
        return fixture.run(request).outcome().orElseThrow();
    }

    @Test
    void aLostSandboxFailsTheRun() throws Exception {
        OperationDetails details = fixture.run("crash");

        assertThat(details.summary().status()).isEqualTo(OperationStatus.FAILED);
        assertThat(details.summary().error()).isEqualTo("the sandbox was lost: the runtime broke");
    }

    @Test
    void aFullDiskAtTheCommitFailsTheRun() throws Exception {
        fixture.store.beforeCommit = () -> {
            throw new StoreException(StoreException.Kind.DISK_FULL, "cannot write layer 1: no space left on device");
        };
        OperationDetails details = fixture.run("write", "/file", "text");

        assertThat(details.summary().status()).isEqualTo(OperationStatus.FAILED);
        assertThat(details.summary().error())
                .contains("disk ran full")
                .contains("cannot write layer 1: no space left on device")
                .contains("in reserve");
        assertThat(details.summary().resultImageUuid()).isNull();
    }

    @Test
    void aDefectFailsTheRunAndNothingElse() throws Exception {
        fixture.store.beforeCheckout = () -> {
            throw new IllegalStateException("a defect");
        };
        assertThat(fixture.run("true").summary().error())
                .contains("internal error")
                .contains("a defect");
        fixture.store.beforeCheckout = () -> {};
        assertThat(fixture.run("true").summary().status()).isEqualTo(OperationStatus.SUCCESS);
    }

    @ParameterizedTest(name = "disposable: {0}")
    @ValueSource(booleans = {false, true})
    void aLayerThatIsTooLargeFailsTheRun(boolean disposable) throws Exception {
        SpawnRequest limited = fixture.request("write", "/file", "0123456789").toBuilder()
                .disposable(disposable)
                .maxLayerBytes(9)
                .build();
        OperationDetails details = fixture.run(limited);

        assertThat(details.summary().status()).isEqualTo(OperationStatus.FAILED);
        assertThat(details.summary().error()).contains("10 bytes").contains("max_layer_bytes of 9");
        assertThat(details.result().orElseThrow().state().exitCode()).isZero();
        assertThat(fixture.store.commits()).isZero();
    }

    @Test
    void outputAndStdinAreWhole() throws Exception {
        String text = "Grüße ".repeat(500);
        UUID operation = fixture.start(stdin(fixture.request("cat"), new Stdin(text, Encoding.ASCII, true)));
        InstanceResult result = fixture.end(operation).result().orElseThrow();

        assertThat(result.stdout().encoding()).isEqualTo(Encoding.BASE64);
        assertThat(new String(
                        java.util.Base64.getDecoder().decode(result.stdout().value()), StandardCharsets.UTF_8))
                .isEqualTo(text);
        assertThat(result.stdout().truncated()).isFalse();
        assertThat(fixture.events(operation))
                .extracting(OperationEvent::type)
                .containsExactly("init", "spawn", "stdin", "stdout", "exit", "shutdown", "completion");
    }

    @Test
    void stdinThatStaysOpenIsNotClosed() throws Exception {
        UUID operation = fixture.start(stdin(fixture.request("cat"), new Stdin("", Encoding.ASCII, false)));

        assertThat(fixture.engine.operations().awaitEnd(fixture.caller, operation, java.time.Duration.ofMillis(200)))
                .isFalse();
        fixture.engine.operations().cancel(fixture.caller, operation);
        assertThat(fixture.end(operation).summary().status()).isEqualTo(OperationStatus.CANCELLED);
    }

    private static SpawnRequest stdin(SpawnRequest from, Stdin stdin) {
        return Samples.withStdin(from, stdin);
    }

    @Test
    void outputIsTruncatedAsAsked() throws Exception {
        UUID operation = fixture.start(Samples.withOutput(fixture.request("spew", "300000"), 100_000));
        InstanceResult result = fixture.end(operation).result().orElseThrow();

        assertThat(result.stdout().value()).hasSize(100_000).matches("y+");
        assertThat(result.stdout().truncated()).isTrue();
        OperationEvent truncated = fixture.events(operation).stream()
                .filter(event -> event.type().equals("truncated"))
                .findFirst()
                .orElseThrow();
        assertThat(truncated.data())
                .isEqualTo(Map.of("stream", "stdout", "bytes_emitted", 100_000, "bytes_dropped", 200_000));
    }

    @Test
    void uploadedFilesArePlaced() throws Exception {
        var file = fixture.engine
                .files()
                .put(fixture.caller, new ByteArrayInputStream("data".getBytes(StandardCharsets.UTF_8)));
        UUID image = fixture.run(files(file.uuid().toString())).summary().resultImageUuid();

        assertThat(fixture.store.content(image)).containsEntry("/bin/app", "data");
    }

    private SpawnRequest files(String uuid) {
        return fixture.request("true").toBuilder()
                .files(Map.of("/bin/app", new SpawnRequest.FileSpec(uuid, 0755, 0, 0)))
                .build();
    }

    @Test
    void whatIsUnknownIsRefusedBeforeAnythingIsDone() {
        Caller stranger = Samples.caller(UUID.randomUUID());
        assertRefused(
                ErrorCode.NOT_FOUND, fixture.caller, files(UUID.randomUUID().toString()));
        assertRefused(ErrorCode.NOT_FOUND, fixture.caller, files("not-a-uuid"));
        assertRefused(ErrorCode.NOT_FOUND, stranger, fixture.request("true"));
        assertRefused(
                ErrorCode.NOT_FOUND,
                fixture.caller,
                Samples.spawn(UUID.randomUUID().toString(), "true"));
        assertRefused(ErrorCode.NOT_FOUND, fixture.caller, Samples.spawn("tag:nosuch", "true"));
        assertRefused(ErrorCode.INVALID_ARGUMENT, fixture.caller, Samples.spawn("nosuch", "true"));
        assertThatThrownBy(() -> fixture.request("true", "a\0b"))
                .isInstanceOfSatisfying(
                        ContreeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));

        assertThat(fixture.engine
                        .operations()
                        .list(
                                fixture.caller,
                                new Operations.Filter(
                                        Optional.empty(),
                                        Optional.of(io.contree.api.OperationKind.INSTANCE),
                                        Optional.empty(),
                                        Optional.empty()),
                                Page.DEFAULT))
                .isEmpty();
    }

    private void assertRefused(ErrorCode code, Caller caller, SpawnRequest request) {
        assertThatThrownBy(() -> fixture.engine.operations().spawn(caller, request))
                .isInstanceOfSatisfying(
                        ContreeException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void aTagResolvesToTheImageItNames() throws Exception {
        fixture.engine.images().tag(fixture.caller, fixture.base.uuid(), "app:1");
        Operations.Accepted accepted =
                fixture.engine.operations().spawn(fixture.caller, Samples.spawn("tag:app:1", "true"));

        assertThat(accepted.request().image()).isEqualTo(fixture.base.uuid().toString());
        assertThat(fixture.end(accepted.operation()).summary().imageUuid()).isEqualTo(fixture.base.uuid());
    }

    @Test
    void tooLongTimeoutsAreCut() throws Exception {
        Operations.Accepted accepted =
                fixture.engine.operations().spawn(fixture.caller, timeout(fixture.request("true"), Integer.MAX_VALUE));

        assertThat(accepted.request().timeout()).isEqualTo(3600);
        fixture.end(accepted.operation());
    }

    @Test
    void eventsAreWhole() throws Exception {
        UUID operation = fixture.start(
                Samples.withEnv(fixture.request("echo", "hello"), Map.of("API_TOKEN", "hunter2", "NAME", "value")));
        fixture.end(operation);
        List<OperationEvent> events = fixture.events(operation);

        assertThat(events).extracting(OperationEvent::id).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
        assertThat(events)
                .extracting(event -> event.type() + " " + event.spid())
                .containsExactly("init 0", "spawn 1", "stdout 1", "exit 1", "shutdown 0", "completion null");
        Map<?, ?> env = (Map<?, ?>) events.get(1).data().get("env");
        assertThat(env.get("API_TOKEN")).isEqualTo("<MASKED>");
        assertThat(env.get("NAME")).isEqualTo("value");
        assertThat(events.get(2).data()).isEqualTo(Map.of("value", "hello\n", "encoding", "ascii"));
        assertThat((Map<?, ?>) events.get(3).data().get("resources")).hasSize(15);
        assertThat(events.get(5).data())
                .containsEntry("status", "SUCCESS")
                .containsEntry("result_image_uuid", fixture.base.uuid().toString())
                .containsEntry("error", null)
                .containsKeys("duration_ms", "image_size_bytes");
    }
}
