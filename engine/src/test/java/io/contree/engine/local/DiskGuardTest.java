package io.contree.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.api.LimitReached;
import io.contree.api.OperationStatus;
import io.contree.api.RunOutcome;
import io.contree.api.RunOutcome.Reason;
import io.contree.engine.DiskPolicy;
import io.contree.engine.DiskReserve;
import io.contree.engine.EventReader;
import io.contree.engine.OperationDetails;
import io.contree.engine.Samples;
import io.contree.linux.DiskSpace;
import io.contree.store.DiskUse;
import io.contree.store.StoreException;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs, imports and uploads on a disk that fills up; what is written and what is free is told by a fake store. */
class DiskGuardTest {
    private static final long MIB = 1L << 20;
    private static final DiskSpace ROOMY = space(100_000 * MIB);
    // the default reserve of such a disk is 2 GiB
    private static final DiskSpace SHORT = space(2000 * MIB);
    private static final DiskSpace GONE = space(10 * MIB);

    @TempDir
    private Path data;

    private EngineFixture fixture;

    private static DiskSpace space(long free) {
        return new DiskSpace(free, 100_000 * MIB, Long.MAX_VALUE, 0, true);
    }

    /** As btrfs tells it: what was given back counts once the disk has settled. */
    private static DiskSpace late(long free) {
        return new DiskSpace(free, 100_000 * MIB, Long.MAX_VALUE, 0, false);
    }

    @BeforeEach
    void open() {
        fixture = EngineFixture.open(data);
        fixture.store.space = ROOMY;
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private RunOutcome outcome(OperationDetails details) {
        return details.outcome().orElseThrow();
    }

    private UUID startedSleep() throws InterruptedException {
        UUID run = fixture.start("sleep");
        try (EventReader events = fixture.engine.operations().events(fixture.caller, run, -1)) {
            while (!events.next(EngineFixture.LONG).orElseThrow().type().equals("spawn")) {
                // what comes before says nothing about it
            }
        }
        return run;
    }

    @Test
    void aRunIsStoppedAtItsLimitWhileItWorks() throws Exception {
        UUID run = startedSleep();
        fixture.store.written = 20_000 * MIB;
        fixture.store.space = space(80_000 * MIB);

        OperationDetails details = fixture.end(run);
        assertThat(details.summary().status()).isEqualTo(OperationStatus.FAILED);
        assertThat(details.summary().error()).contains("max_layer_bytes of 12884901888", "nothing of it was kept");
        assertThat(outcome(details).reason()).isEqualTo(Reason.DISK_LIMIT);
        LimitReached disk = outcome(details).limit(LimitReached.Limit.DISK).orElseThrow();
        assertThat(disk.allowed()).isEqualTo(12_884_901_888L);
        assertThat(disk.peak()).isEqualTo(20_000 * MIB);
    }

    @Test
    void theBiggestRunIsStoppedWhenTheReserveIsReached() throws Exception {
        UUID run = startedSleep();
        fixture.store.written = 2_000 * MIB;
        fixture.store.space = SHORT;

        OperationDetails details = fixture.end(run);
        assertThat(details.summary().error())
                .contains("2097152000 bytes free", "2147483648 in reserve", "2097152000 bytes in");
        assertThat(outcome(details).reason()).isEqualTo(Reason.DISK_LIMIT);
    }

    @Test
    void aRunThatWroteNothingGoesOnUntilTheReserveIsGone() throws Exception {
        UUID run = startedSleep();
        fixture.store.space = SHORT;
        // An import of that time is stopped, which shows that the guard has looked.
        CountDownLatch looked = new CountDownLatch(1);
        fixture.store.importing = (source, progress) -> {
            while (!progress.cancelled()) {
                Thread.onSpinWait();
            }
            looked.countDown();
            throw new StoreException(StoreException.Kind.CANCELLED, "cancelled");
        };
        fixture.store.space = ROOMY;
        UUID importing = fixture.engine
                .operations()
                .importImage(fixture.caller, Samples.imported("rootfs:/x", Optional.empty()));
        fixture.store.space = SHORT;
        looked.await();
        assertThat(fixture.end(importing).summary().error())
                .contains("the import was stopped", "finished layers are kept");
        assertThat(fixture.status(run)).isEqualTo(OperationStatus.EXECUTING);

        fixture.store.space = GONE;
        OperationDetails details = fixture.end(run);
        assertThat(details.summary().error()).contains("ran full while the run worked");
        assertThat(outcome(details).reason()).isEqualTo(Reason.INFRASTRUCTURE);
    }

    @Test
    void aDiskThatCountsLateIsLetSettleBeforeARunIsRefused() throws Exception {
        fixture.store.space = late(1 * MIB);
        fixture.store.settled = Optional.of(late(80_000 * MIB));
        assertThat(fixture.end(fixture.start("true")).summary().status()).isEqualTo(OperationStatus.SUCCESS);

        fixture.store.settled = Optional.of(late(2 * MIB));
        fixture.store.space = late(1 * MIB);
        assertThatThrownBy(() -> fixture.start("true")).hasMessageContaining("takes no run");
    }

    @Test
    void whatIsNotCountedYetEndsNobody() throws Exception {
        fixture.store.space = late(80_000 * MIB);
        UUID run = startedSleep();
        fixture.store.settled = Optional.of(late(80_000 * MIB));
        fixture.store.space = late(1 * MIB);
        while (fixture.store.space.freeBytes() == 1 * MIB) {
            Thread.onSpinWait(); // the guard has not let the disk settle yet
        }
        assertThat(fixture.status(run)).isEqualTo(OperationStatus.EXECUTING);

        fixture.store.settled = Optional.of(late(1 * MIB));
        fixture.store.space = late(1 * MIB);
        assertThat(fixture.end(run).summary().error()).contains("ran full while the run worked");
    }

    @Test
    void nothingBeginsOnADiskThatIsShort() throws Exception {
        fixture.store.space = SHORT;
        assertThatThrownBy(() -> fixture.start("true")).isInstanceOfSatisfying(ContreeException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE);
            assertThat(e.retryAfter()).isPresent();
            assertThat(e).hasMessageContaining("takes no run").hasMessageContaining("in reserve");
        });
        assertThatThrownBy(() -> fixture.engine.files().put(fixture.caller, new ByteArrayInputStream(new byte[9])))
                .hasMessageContaining("takes no upload");
        assertThatThrownBy(() -> fixture.engine
                        .operations()
                        .importImage(fixture.caller, Samples.imported("rootfs:/x", Optional.empty())))
                .hasMessageContaining("takes no import");
        fixture.store.space = ROOMY;
        assertThat(fixture.run("true").summary().status()).isEqualTo(OperationStatus.SUCCESS);
    }

    @Test
    void anUploadStopsWhenSpaceGetsShort() {
        var stream = new ByteArrayInputStream(new byte[8 << 20]) {
            @Override
            public synchronized int read(byte[] buffer, int offset, int length) {
                fixture.store.space = SHORT;
                return super.read(buffer, offset, Math.min(length, 1 << 20));
            }
        };
        assertThatThrownBy(() -> fixture.engine.files().put(fixture.caller, stream))
                .isInstanceOf(ContreeException.class)
                .hasMessageContaining("takes no upload");
    }

    @Test
    void theServersLimitHoldsWhereARequestAsksForMore() throws Exception {
        fixture.close();
        fixture = EngineFixture.open(
                data.resolve("other"), new DiskPolicy(5, 1000, DiskReserve.DEFAULT, Duration.ofMinutes(1)));
        OperationDetails details = fixture.run("write", "/file", "0123456789");
        assertThat(details.summary().error()).contains("wrote 10 bytes", "max_layer_bytes of 5;");
        assertThat(outcome(details).reason()).isEqualTo(Reason.DISK_LIMIT);
    }

    @Test
    void aRunIsStoppedAtItsLimitOfFilesWhileItWorks() throws Exception {
        UUID run = startedSleep();
        fixture.store.writtenFiles = 10_000_001;

        OperationDetails details = fixture.end(run);
        assertThat(details.summary().error()).contains("wrote 10000001 files", "max-layer-files of 10000000;");
        assertThat(outcome(details).reason()).isEqualTo(Reason.DISK_LIMIT);
        LimitReached files = outcome(details).limit(LimitReached.Limit.DISK).orElseThrow();
        assertThat(files.unit()).isEqualTo("files");
        assertThat(files.allowed()).isEqualTo(10_000_000);
    }

    @Test
    void whereTheDiskKeepsTheLimitARunGoesOnAndFailsAtItsEnd() throws Exception {
        fixture.store.metering = true;
        fixture.store.written = 20_000 * MIB;
        fixture.store.space = space(80_000 * MIB);
        OperationDetails details = fixture.run("write", "/file", "0123456789");
        assertThat(fixture.store.limitedTo).containsExactly(new DiskUse(12_884_901_888L, 10_000_000));
        assertThat(details.summary().status()).isEqualTo(OperationStatus.FAILED);
        assertThat(details.summary().error()).contains("max_layer_bytes of 12884901888", "nothing of it was kept");
        assertThat(outcome(details).reason()).isEqualTo(Reason.DISK_LIMIT);
        assertThat(details.result()).as("what the command itself said is told").isPresent();
    }

    @Test
    void aCommitThatTakesTooLongIsEnded() throws Exception {
        fixture.close();
        Duration allowed = Duration.ofMillis(1);
        fixture =
                EngineFixture.open(data.resolve("other"), new DiskPolicy(1L << 40, 1000, DiskReserve.DEFAULT, allowed));
        fixture.store.beforeCommit = () -> {
            long begin = System.nanoTime();
            while (System.nanoTime() - begin < 2 * allowed.toNanos()) {
                Thread.onSpinWait();
            }
        };
        OperationDetails details = fixture.run("write", "/file", "text");
        assertThat(details.summary().status()).isEqualTo(OperationStatus.FAILED);
        assertThat(details.summary().error()).contains("commit-timeout", "nothing of it was kept");
        assertThat(outcome(details).reason()).isEqualTo(Reason.TIME_LIMIT);
        assertThat(outcome(details).limit(LimitReached.Limit.TIME).orElseThrow().peak())
                .isGreaterThanOrEqualTo(1);
        assertThat(fixture.store.commits()).isZero();
        assertThat(fixture.store.openCheckouts()).isZero();
    }

    @Test
    void aCancelEndsACommit() throws Exception {
        CountDownLatch committing = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        fixture.store.beforeCommit = () -> {
            committing.countDown();
            try {
                cancelled.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException("a commit is not interrupted", e);
            }
        };
        UUID run = fixture.start("write", "/file", "text");
        committing.await();
        fixture.engine.operations().cancel(fixture.caller, run);
        cancelled.countDown();
        assertThat(fixture.end(run).summary().status()).isEqualTo(OperationStatus.CANCELLED);
        assertThat(fixture.store.commits()).isZero();
    }

    @Test
    void filesCountAsBytesDo() {
        DiskReserve reserve = DiskReserve.DEFAULT;
        DiskSpace few = new DiskSpace(1L << 40, 1L << 41, 900, 100_000, true);
        assertThat(reserve.isShort(few)).isTrue();
        assertThat(reserve.isGone(few)).isTrue();
        assertThat(reserve.shortage(few)).contains("room for 900 more files", "5000");
        assertThat(reserve.isShort(new DiskSpace(1L << 40, 1L << 41, 6000, 100_000, true)))
                .isFalse();
    }

    @Test
    void aReserveIsAPartOfTheDiskOrASize() {
        DiskSpace disk = space(0);
        assertThat(DiskReserve.DEFAULT.bytes(disk)).isEqualTo(2L << 30);
        assertThat(DiskReserve.DEFAULT.bytes(new DiskSpace(0, 1000 * MIB, 0, 0, true)))
                .isEqualTo(100 * MIB);
        assertThat(new DiskReserve(1, 3072 * MIB).bytes(disk)).isEqualTo(3072 * MIB);
        assertThat(new DiskReserve(1, 0).bytes(disk)).as("never none").isEqualTo(4 * MIB);
    }
}
