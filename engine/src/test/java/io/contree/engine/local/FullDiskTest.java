package io.contree.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.api.OperationStatus;
import io.contree.api.OperationSummary;
import io.contree.api.SpawnRequest;
import io.contree.engine.Caller;
import io.contree.engine.Engine;
import io.contree.engine.FakeSandboxes;
import io.contree.engine.FakeStore;
import io.contree.engine.InMemoryCatalog;
import io.contree.engine.NoRetention;
import io.contree.engine.OperationCatalog;
import io.contree.engine.OperationDetails;
import io.contree.engine.OperationEnd;
import io.contree.engine.OperationRecord;
import io.contree.engine.Operations;
import io.contree.engine.Page;
import io.contree.engine.Samples;
import io.contree.store.Image;
import io.contree.store.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The catalog's disk is full: nothing is accepted, and no end is told before it is recorded. */
class FullDiskTest {
    @TempDir
    private Path data;

    private final FakeStore store = new FakeStore();
    private final FakeSandboxes sandboxes = new FakeSandboxes(store);
    private final Filling catalog = new Filling();
    private Engine engine;
    private Caller caller;
    private Image base;

    /** A catalog whose disk can be full. */
    private static final class Filling implements OperationCatalog {
        private final InMemoryCatalog records = new InMemoryCatalog();
        private final Semaphore refused = new Semaphore(0);
        private volatile boolean full;
        private volatile FakeStore.Hook beforeAccept = () -> {};
        private volatile FakeStore.Hook beforeFinish = () -> {};

        private void write() {
            if (full) {
                refused.release();
                throw new StoreException(StoreException.Kind.DISK_FULL, "cannot write to the catalog: disk is full");
            }
        }

        @Override
        public void accept(OperationRecord operation) {
            beforeAccept.run();
            write();
            records.accept(operation);
        }

        @Override
        public Optional<OperationRecord> operation(UUID project, UUID operation) {
            return records.operation(project, operation);
        }

        @Override
        public List<OperationSummary> operations(UUID project, Operations.Filter filter, Page page) {
            return records.operations(project, filter, page);
        }

        @Override
        public boolean finish(UUID operation, OperationEnd end) {
            beforeFinish.run();
            write();
            return records.finish(operation, end);
        }

        @Override
        public void cancel(UUID operation, Instant at) {
            write();
            records.cancel(operation, at);
        }

        @Override
        public Set<UUID> cancelled() {
            return records.cancelled();
        }

        @Override
        public List<OperationRecord> unfinished() {
            return records.unfinished();
        }

        @Override
        public Map<OperationStatus, Long> counts(UUID project) {
            return records.counts(project);
        }
    }

    private Engine started() {
        return LocalEngine.open(
                Samples.config(data, 1),
                store,
                sandboxes,
                catalog,
                catalog.records,
                new NoRetention(),
                catalog.records);
    }

    @BeforeEach
    void open() {
        engine = started();
        caller = Samples.caller(engine.tokens().firstProject());
        base = store.image(Map.of("/etc/passwd", "root"));
        OperationRecord load = Samples.load(caller.project(), Samples.THEN);
        catalog.accept(load);
        catalog.finish(load.uuid(), Samples.importedAs(base.uuid(), "base", Samples.THEN));
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private UUID start() {
        return engine.operations()
                .spawn(caller, Samples.spawn(base.uuid().toString(), "true"))
                .operation();
    }

    @Test
    void nothingIsAcceptedAndNothingIsLeftOfIt() throws Exception {
        catalog.full = true;
        for (int i = 0; i < 2000; i++) {
            assertThatThrownBy(this::start)
                    .isInstanceOfSatisfying(
                            ContreeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
        }
        catalog.full = false;

        assertThat(engine.operations().awaitEnd(caller, start(), EngineFixture.LONG))
                .isTrue();
    }

    private void awaitRunning() {
        while (sandboxes.running() == 0) {
            Thread.onSpinWait();
        }
    }

    private List<Path> logs() throws IOException {
        try (Stream<Path> files = Files.walk(data.resolve("logs"))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void aRunThatIsPreparedBeforeItIsAcceptedHasNoEventUntilThen() throws Exception {
        AtomicReference<List<Path>> before = new AtomicReference<>();
        catalog.beforeAccept = () -> {
            awaitRunning();
            try {
                before.set(logs());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
        UUID operation = start();
        assertThat(before.get()).isEmpty();
        assertThat(engine.operations().awaitEnd(caller, operation, EngineFixture.LONG))
                .isTrue();
        assertThat(logs()).hasSize(1);
    }

    /** Whatever goes wrong while it does. */
    @Test
    void nothingRunsAnyMoreWhenTheEndIsRecorded() throws Exception {
        AtomicInteger atTheEnd = new AtomicInteger(-1);
        catalog.beforeFinish = () -> atTheEnd.set(sandboxes.running());
        sandboxes.beforeSpawn = () -> {
            throw new IllegalStateException("a defect");
        };
        UUID operation = start();
        assertThat(engine.operations().awaitEnd(caller, operation, EngineFixture.LONG))
                .isTrue();
        assertThat(engine.operations().get(caller, operation, false).summary().status())
                .isEqualTo(OperationStatus.FAILED);
        assertThat(atTheEnd).hasValue(0);
    }

    @Test
    void anEndWhoseRecordNeedsTheRoomOfItsFilesIsRecorded() throws Exception {
        catalog.beforeFinish = () -> catalog.full = store.openCheckouts() > 0;
        SpawnRequest disposable = Samples.spawn(base.uuid().toString(), "true").toBuilder()
                .disposable(true) // nothing is committed, so its checkout is there until the end
                .build();
        UUID operation = engine.operations().spawn(caller, disposable).operation();
        catalog.refused.acquire();

        assertThat(engine.operations().awaitEnd(caller, operation, EngineFixture.LONG))
                .isTrue();
        assertThat(engine.operations().get(caller, operation, false).summary().status())
                .isEqualTo(OperationStatus.SUCCESS);
    }

    @Test
    void whatARunThatWasStoppedLeavesIsGoneBeforeItsEndIsTold() throws Exception {
        AtomicInteger atTheEnd = new AtomicInteger(-1);
        catalog.beforeFinish = () -> atTheEnd.set(store.openCheckouts());
        UUID operation = engine.operations()
                .spawn(caller, Samples.spawn(base.uuid().toString(), "sleep"))
                .operation();
        awaitRunning();
        engine.operations().cancel(caller, operation);

        assertThat(engine.operations().awaitEnd(caller, operation, EngineFixture.LONG))
                .isTrue();
        assertThat(atTheEnd).hasValue(0);
    }

    @Test
    void aRunThatIsPreparedAndThenRefusedIsEndedAndLeavesNothing() throws Exception {
        catalog.beforeAccept = () -> {
            awaitRunning();
            catalog.full = true;
        };
        assertThatThrownBy(this::start)
                .isInstanceOfSatisfying(
                        ContreeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
        while (sandboxes.running() > 0 || store.openCheckouts() > 0) {
            Thread.onSpinWait();
        }
        assertThat(logs()).isEmpty();
        assertThat(store.commits()).isZero();
        catalog.full = false;
        catalog.beforeAccept = () -> {};
        assertThat(engine.operations().awaitEnd(caller, start(), EngineFixture.LONG))
                .isTrue();
    }

    @Test
    void aCancelThatCannotBeRecordedIsDoneAndSaysSo() throws Exception {
        UUID operation = engine.operations()
                .spawn(caller, Samples.spawn(base.uuid().toString(), "sleep"))
                .operation();
        while (engine.operations().get(caller, operation, false).summary().status() != OperationStatus.EXECUTING) {
            Thread.onSpinWait();
        }
        catalog.full = true;
        assertThatThrownBy(() -> engine.operations().cancel(caller, operation))
                .isInstanceOfSatisfying(ContreeException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE);
                    assertThat(e.retryAfter()).isPresent();
                })
                .hasMessageContaining("ask again");
        catalog.full = false;

        assertThat(engine.operations().awaitEnd(caller, operation, EngineFixture.LONG))
                .isTrue();
        assertThat(engine.operations().get(caller, operation, false).summary().status())
                .isEqualTo(OperationStatus.CANCELLED);
    }

    @Test
    void anEndIsToldOnceItIsRecorded() throws Exception {
        store.afterCommit = () -> catalog.full = true;
        UUID operation = start();
        catalog.refused.acquire();
        OperationDetails before = engine.operations().get(caller, operation, false);
        catalog.full = false;
        boolean ended = engine.operations().awaitEnd(caller, operation, EngineFixture.LONG);

        assertThat(before.summary().status()).isEqualTo(OperationStatus.EXECUTING);
        assertThat(before.summary().resultImageUuid()).isNull();
        assertThat(ended).isTrue();
        assertThat(engine.operations().get(caller, operation, false).summary().status())
                .isEqualTo(OperationStatus.SUCCESS);
    }

    @Test
    void aServerThatStopsThenIsSaidToHaveInterruptedIt() throws Exception {
        store.afterCommit = () -> catalog.full = true;
        UUID operation = start();
        catalog.refused.acquire();
        engine.close();
        catalog.full = false;
        store.afterCommit = () -> {};
        engine = started();

        OperationDetails details = engine.operations().get(caller, operation, false);
        assertThat(details.summary().status()).isEqualTo(OperationStatus.FAILED);
        assertThat(details.summary().error()).startsWith("interrupted: the server stopped while it was running");
    }
}
