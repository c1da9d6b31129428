package io.contree.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.contree.api.ContreeException;
import io.contree.api.Encoding;
import io.contree.api.ErrorCode;
import io.contree.api.OperationEvent;
import io.contree.api.OperationStatus;
import io.contree.api.SpawnRequest;
import io.contree.api.Stdin;
import io.contree.engine.Caller;
import io.contree.engine.OperationDetails;
import io.contree.engine.ProjectCatalog;
import io.contree.engine.Samples;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that ask for the cache. */
class CachedRunTest {
    @TempDir
    private Path data;

    private EngineFixture fixture;

    @BeforeEach
    void open() {
        fixture = EngineFixture.open(data, 2, 10);
    }

    @AfterEach
    void leavesNothing() throws Exception {
        fixture.close();
        assertThat(fixture.store.openCheckouts()).isZero();
        assertThat(fixture.sandboxes.running()).isZero();
        assertThat(fixture.catalog.unfinished()).isEmpty();
    }

    private SpawnRequest cached(String command, String... args) {
        return fixture.request(command, args).toBuilder().cache(true).build();
    }

    private boolean runs(SpawnRequest request) throws InterruptedException {
        int before = fixture.sandboxes.started();
        fixture.run(request);
        return fixture.sandboxes.started() > before;
    }

    @Test
    void anEqualRunIsAnsweredWithoutASandbox() throws Exception {
        OperationDetails first = fixture.run(cached("write", "/file", "text"));
        UUID operation = fixture.start(cached("write", "/file", "text"));

        OperationDetails second = fixture.engine.operations().get(fixture.caller, operation, false);
        assertThat(fixture.sandboxes.started()).isEqualTo(1);
        assertThat(operation).isNotEqualTo(first.summary().uuid());
        assertThat(second.summary().status()).isEqualTo(OperationStatus.SUCCESS);
        assertThat(second.summary().resultImageUuid()).isEqualTo(first.summary().resultImageUuid());
        assertThat(second.summary().cachedFrom()).isEqualTo(first.summary().uuid());
        assertThat(second.summary().consumedCpu()).isZero();
        assertThat(first.summary().cachedFrom()).isNull();
        assertThat(second.result()).isEqualTo(first.result());
        assertThat(second.outcome()).isEqualTo(first.outcome());
        UUID image = Objects.requireNonNull(second.summary().resultImageUuid());
        assertThat(fixture.catalog.stepsTo(fixture.caller.project(), image, 10))
                .extracting(ProjectCatalog.Step::operation, ProjectCatalog.Step::cachedFrom)
                .contains(org.assertj.core.groups.Tuple.tuple(
                        operation, Optional.of(first.summary().uuid())));
    }

    @Test
    void itsLogReadsAsThatOfAnyRunAndSaysWhatItRepeats() throws Exception {
        UUID first = fixture.start(cached("echo", "text"));
        fixture.end(first);
        UUID second = fixture.start(cached("echo", "text"));

        List<OperationEvent> ran = fixture.events(first);
        List<OperationEvent> repeated = fixture.events(second);
        assertThat(repeated.subList(0, repeated.size() - 1)).isEqualTo(ran.subList(0, ran.size() - 1));
        assertThat(ran.getLast().data()).doesNotContainKey("cached_from");
        assertThat(repeated.getLast().type()).isEqualTo("completion");
        assertThat(repeated.getLast().data())
                .containsEntry("cached_from", first.toString())
                .containsEntry("status", "SUCCESS");
        assertThat(fixture.engine
                        .subprocesses()
                        .get(fixture.caller, second, 1)
                        .stdout()
                        .value())
                .isEqualTo("text\n");
    }

    @Test
    void whoDoesNotAskRunsAndIsNotRemembered() throws Exception {
        assertThat(runs(fixture.request("true"))).isTrue();
        assertThat(runs(cached("true"))).isTrue();
        assertThat(runs(fixture.request("true"))).isTrue();
        assertThat(runs(cached("true"))).isFalse();
    }

    @Test
    void itSurvivesARestart() throws Exception {
        assertThat(runs(cached("exit", "3"))).isTrue();
        fixture.engine.close();
        fixture.restart();

        int before = fixture.sandboxes.started();
        OperationDetails repeated = fixture.run(cached("exit", "3"));
        assertThat(fixture.sandboxes.started()).isEqualTo(before);
        assertThat(repeated.result().orElseThrow().state().exitCode()).isEqualTo(3);
    }

    @Test
    void aDisposableRunIsRepeatedByDisposableOnes() throws Exception {
        SpawnRequest disposable =
                cached("write", "/file", "text").toBuilder().disposable(true).build();
        assertThat(runs(disposable)).isTrue();
        assertThat(runs(disposable)).isFalse();
        assertThat(fixture.run(disposable).summary().resultImageUuid()).isNull();
        assertThat(runs(cached("write", "/file", "text"))).isTrue();
    }

    @Test
    void outputThatWasCutIsRepeatedAsCut() throws Exception {
        SpawnRequest cut = Samples.withOutput(cached("spew", "1000"), 10);
        assertThat(runs(cut)).isTrue();
        assertThat(fixture.run(cut).result().orElseThrow().stdout().truncated()).isTrue();
        assertThat(fixture.sandboxes.started()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sleep", "hang", "crash", "oom", "oom-inside", "nosuch"})
    void whatDidNotEndByItselfOrMetALimitIsNotRemembered(String command) throws Exception {
        SpawnRequest request = cached(command).toBuilder().timeout(1).build();
        assertThat(runs(request)).isTrue();
        assertThat(runs(request)).isTrue();
    }

    @Test
    void aCancelledRunIsNotRemembered() throws Exception {
        UUID operation = fixture.start(cached("sleep"));
        await().until(() -> fixture.status(operation) == OperationStatus.EXECUTING);
        fixture.engine.operations().cancel(fixture.caller, operation);
        fixture.end(operation);

        UUID again = fixture.start(cached("sleep"));
        assertThat(fixture.status(again).isFinal()).isFalse();
        fixture.engine.operations().cancel(fixture.caller, again);
        fixture.end(again);
    }

    @Test
    void aRunThatSomebodyActedOnIsNotRemembered() throws Exception {
        for (int i = 1; i <= 2; i++) {
            UUID operation = fixture.start(cached("trap"));
            fixture.engine.subprocesses().kill(fixture.caller, operation, 1, 15);
            OperationDetails ended = fixture.end(operation);

            assertThat(ended.result().orElseThrow().state().exitCode()).isZero();
            assertThat(fixture.sandboxes.started()).isEqualTo(i);
        }
    }

    @Test
    void anotherProjectRunsItself() throws Exception {
        assertThat(runs(cached("true"))).isTrue();
        Caller other = Samples.caller(UUID.randomUUID());
        fixture.give(other, fixture.base);

        UUID operation =
                fixture.engine.operations().spawn(other, cached("true")).operation();
        assertThat(fixture.engine.operations().awaitEnd(other, operation, EngineFixture.LONG))
                .isTrue();
        assertThat(fixture.sandboxes.started()).isEqualTo(2);
    }

    @Test
    void aRunWhoseLogIsGoneRunsAgain() throws Exception {
        UUID first = fixture.start(cached("true"));
        fixture.end(first);
        Files.delete(
                data.resolve("logs").resolve(first.toString().substring(0, 2)).resolve(first + ".jsonl"));

        assertThat(runs(cached("true"))).isTrue();
        assertThat(runs(cached("true"))).isFalse();
    }

    @Test
    void whatIsNotRecordedLeavesNoLog() throws Exception {
        UUID first = fixture.start(cached("write", "/file", "text"));
        UUID image = Objects.requireNonNull(fixture.end(first).summary().resultImageUuid());
        fixture.catalog.giveUp(fixture.caller.project(), image);

        assertThat(runs(cached("write", "/file", "text"))).isTrue();
        try (Stream<Path> logs = Files.walk(data.resolve("logs"))) {
            assertThat(logs.filter(Files::isRegularFile)).hasSize(2);
        }
    }

    @Test
    void onlySoManyAreRememberedAndTheLongestUnusedGo() throws Exception {
        fixture.close();
        fixture = EngineFixture.open(Samples.withRunCache(Samples.config(data, 2), 2));
        assertThat(runs(cached("echo", "a"))).isTrue();
        assertThat(runs(cached("echo", "b"))).isTrue();
        assertThat(runs(cached("echo", "a"))).isFalse();
        assertThat(runs(cached("echo", "c"))).isTrue();

        assertThat(runs(cached("echo", "a"))).isFalse();
        assertThat(runs(cached("echo", "c"))).isFalse();
        assertThat(runs(cached("echo", "b"))).isTrue();
    }

    @Test
    void inputThatStaysOpenIsRefused() {
        SpawnRequest open = Samples.withStdin(cached("cat"), new Stdin("a", Encoding.ASCII, false));

        assertThatThrownBy(() -> fixture.start(open))
                .isInstanceOfSatisfying(
                        ContreeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessageContaining("standard input stays open");
    }

    @Test
    void aStoppingServerAnswersNothingMore() throws Exception {
        fixture.run(cached("true"));
        fixture.engine.drain(Duration.ZERO);

        assertThatThrownBy(() -> fixture.start(cached("true")))
                .isInstanceOfSatisfying(
                        ContreeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }
}
