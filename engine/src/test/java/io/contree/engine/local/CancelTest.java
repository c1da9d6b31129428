package io.contree.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.api.OperationEvent;
import io.contree.api.OperationStatus;
import io.contree.engine.Caller;
import io.contree.engine.Engine;
import io.contree.engine.FakeStore;
import io.contree.engine.OperationDetails;
import io.contree.engine.OperationRecord;
import io.contree.engine.Outcome;
import io.contree.engine.Samples;
import io.contree.engine.log.EventLog;
import io.contree.engine.operation.LiveOperation;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CancelTest {
    @TempDir
    private Path data;

    private EngineFixture fixture;

    @BeforeEach
    void open() {
        fixture = EngineFixture.open(data, 1, 10);
    }

    @AfterEach
    void leavesNothing() {
        fixture.close();
        assertThat(fixture.store.openCheckouts()).isZero();
        assertThat(fixture.sandboxes.running()).isZero();
        assertThat(fixture.catalog.unfinished()).isEmpty();
    }

    private void cancel(UUID operation) {
        fixture.engine.operations().cancel(fixture.caller, operation);
    }

    private void assertCancelled(UUID operation) throws InterruptedException {
        OperationDetails details = fixture.end(operation);
        assertThat(details.summary().status()).isEqualTo(OperationStatus.CANCELLED);
        assertThat(details.summary().resultImageUuid()).isNull();
        assertThat(details.summary().error()).isNull();
        List<OperationEvent> events = fixture.events(operation);
        assertThat(events.getLast().type()).isEqualTo("completion");
        assertThat(events.getLast().data()).containsEntry("status", "CANCELLED");
        assertThatThrownBy(() -> cancel(operation))
                .isInstanceOfSatisfying(
                        ContreeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT));
    }

    /** Starts a run that stops at a step, cancels it there, and lets it go on. */
    private void cancelAt(Step step) throws InterruptedException {
        CountDownLatch there = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        step.hold(() -> {
            there.countDown();
            awaitUninterruptibly(goOn);
        });
        UUID operation = fixture.start("write", "/file", "text");
        there.await();
        cancel(operation);
        goOn.countDown();
        assertCancelled(operation);
        step.hold(() -> {});
        assertThat(fixture.run("true").summary().status()).isEqualTo(OperationStatus.SUCCESS);
    }

    private interface Step {
        void hold(FakeStore.Hook hook);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean interrupted = false;
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void whileItWaitsInTheQueue() throws Exception {
        UUID running = fixture.start("sleep");
        UUID queued = fixture.start("true");
        assertThat(fixture.status(queued)).isEqualTo(OperationStatus.PENDING);

        cancel(queued);

        assertCancelled(queued);
        cancel(running);
        assertCancelled(running);
    }

    @Test
    void whileItIsCheckedOut() throws Exception {
        cancelAt(hook -> fixture.store.beforeCheckout = hook);
    }

    @Test
    void whileItsSandboxStarts() throws Exception {
        cancelAt(hook -> fixture.sandboxes.beforeStart = hook);
    }

    @Test
    void beforeItsCommit() throws Exception {
        cancelAt(hook -> fixture.store.beforeCommit = hook);
    }

    @Test
    void afterItsCommitWasRecordedAndBeforeItsEnd() throws Exception {
        cancelAt(hook -> fixture.store.afterCommit = hook);
        UUID image = fixture.store
                .image(
                        java.util.Map.of("/etc/passwd", "root", "/file", "text"),
                        java.util.Map.of("FROM", "image"),
                        "/srv")
                .uuid();
        assertThatThrownBy(() -> fixture.engine.images().get(fixture.caller, image))
                .isInstanceOf(ContreeException.class);
    }

    @Test
    void anUnknownOrForeignOperationIsNotFound() throws Exception {
        UUID running = fixture.start("sleep");
        Caller stranger = Samples.caller(UUID.randomUUID());

        assertThatThrownBy(() -> fixture.engine.operations().cancel(stranger, running))
                .isInstanceOfSatisfying(
                        ContreeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
        assertThatThrownBy(() -> cancel(UUID.randomUUID()))
                .isInstanceOfSatisfying(
                        ContreeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
        cancel(running);
        assertCancelled(running);
    }

    @Test
    void aCancelThatWasAcceptedAlwaysWinsAndOneThatWasNotNeverDoes() throws Exception {
        for (int seed = 0; seed < 300; seed++) {
            UUID operation = fixture.start("write", "/file", "text " + seed);
            LockSupport.parkNanos(new Random(seed).nextInt(2_000_000));
            boolean accepted = tryCancel(operation);
            OperationDetails details = fixture.end(operation);
            assertThat(details.summary().status())
                    .describedAs("seed %s", seed)
                    .isEqualTo(accepted ? OperationStatus.CANCELLED : OperationStatus.SUCCESS);
            assertThat(details.summary().resultImageUuid() == null)
                    .describedAs("seed %s", seed)
                    .isEqualTo(accepted);
            List<OperationEvent> events = fixture.events(operation);
            assertThat(events.getLast().data())
                    .containsEntry("status", details.summary().status().name());
            assertThat(events.stream().filter(it -> it.type().equals("completion")))
                    .hasSize(1);
        }
    }

    /** Held at a step, as a slow disk may do, cancelled there, and gone with its process before it goes on. */
    private void cancelAndCrashAt(Step step) throws Exception {
        CountDownLatch there = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        step.hold(() -> {
            there.countDown();
            awaitUninterruptibly(goOn);
        });
        UUID operation = fixture.start("write", "/file", "text");
        there.await();
        cancel(operation);
        Engine crashed = fixture.engine;
        fixture.restart();
        OperationDetails details = fixture.end(operation);
        List<OperationEvent> events = fixture.events(operation);
        goOn.countDown();
        crashed.close();

        assertThat(details.summary().status()).isEqualTo(OperationStatus.CANCELLED);
        assertThat(details.summary().error()).isNull();
        assertThat(events.getLast().data()).containsEntry("status", "CANCELLED");
        assertThat(fixture.status(operation)).isEqualTo(OperationStatus.CANCELLED);
    }

    @Test
    void andTheServerIsKilledBeforeItsSandboxStarts() throws Exception {
        cancelAndCrashAt(hook -> fixture.sandboxes.beforeStart = hook);
    }

    @Test
    void andTheServerIsKilledAfterItsCommit() throws Exception {
        cancelAndCrashAt(hook -> fixture.store.afterCommit = hook);
    }

    @Test
    void aCancelCountsBeforeADeadlineThatCameFirst() {
        OperationRecord record = Samples.load(fixture.caller.project(), Samples.THEN);
        LiveOperation operation = new LiveOperation(
                record,
                new EventLog(data.resolve("log"), Clock.systemUTC(), 1 << 20),
                new FakeStore().hold(),
                Clock.systemUTC());
        assertThat(operation.impose(new Outcome.Failed("too late"))).isTrue();
        assertThat(operation.impose(new Outcome.Cancelled())).isTrue();
        assertThat(operation.impose(new Outcome.Failed("the server stops"))).isTrue();

        Outcome outcome = operation
                .settle(Outcome.Failed.cutShort(Optional.empty()), Samples.THEN)
                .outcome();
        assertThat(outcome.status()).isEqualTo(OperationStatus.CANCELLED);
        operation.abandon();
    }

    private boolean tryCancel(UUID operation) {
        try {
            cancel(operation);
            return true;
        } catch (ContreeException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT);
            assertThat(fixture.status(operation).isFinal()).isTrue();
            return false;
        }
    }
}
