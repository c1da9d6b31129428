package io.contree.engine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.api.EventType;
import io.contree.api.OperationEvent;
import io.contree.engine.EventReader;
import io.contree.engine.OperationEnd;
import io.contree.engine.Samples;
import io.contree.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventLogTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final OperationEnd END = Samples.failure("end", Samples.THEN);

    @TempDir
    private Path directory;

    private EventLog log(long budget) {
        return new EventLog(directory.resolve("log.jsonl"), Clock.systemUTC(), budget);
    }

    private static List<OperationEvent> readAll(EventLog log, long after) throws InterruptedException {
        List<OperationEvent> events = new ArrayList<>();
        try (EventReader reader = new EventLogReader(log.file(), log, after)) {
            while (!reader.ended()) {
                reader.next(LONG).ifPresent(events::add);
            }
        }
        return events;
    }

    private static byte[] bytes(int length, int seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    @Test
    void aReaderStartsAtAnyPositionAndStopsWhereItHasEnough() {
        EventLog log = log(1 << 30);
        log.appendStream(1, EventType.STDOUT, bytes(100_000, 3));
        LogPosition start = log.position();
        log.append(2, EventType.SPAWN, Map.of());
        log.append(2, EventType.EXIT, Map.of());
        log.append(0, EventType.SHUTDOWN, Map.of());

        List<String> seen = new ArrayList<>();
        Events.until(log.file(), log, start, event -> {
            seen.add(event.id() - start.id() + event.type());
            return event.type().equals("exit");
        });
        assertThat(seen).containsExactly("0spawn", "1exit");
    }

    @Test
    void eventsOfTheServiceHaveABudgetOfTheirOwn() {
        EventLog log = log(10_000);
        log.appendStream(1, EventType.STDOUT, bytes(50_000, 4));
        assertThat(log.serviceFull()).isFalse();
        while (log.position().bytes() < 30_000) {
            log.append(2, EventType.SPAWN, Map.of());
        }

        assertThat(log.serviceFull()).isTrue();
    }

    @Test
    void outputComesBackInPiecesThatAreSmall() throws Exception {
        EventLog log = log(1 << 30);
        byte[] output = bytes(200_001, 1);
        assertThat(log.appendStream(1, EventType.STDOUT, output)).isEqualTo(output.length);
        log.complete(END);

        List<OperationEvent> events = readAll(log, -1);
        assertThat(events).hasSize(200_001 / EventLog.CHUNK + 2);
        var joined = new java.io.ByteArrayOutputStream();
        for (OperationEvent event : events.subList(0, events.size() - 1)) {
            byte[] piece =
                    java.util.Base64.getDecoder().decode((String) event.data().get("value"));
            assertThat(piece.length).isLessThanOrEqualTo(EventLog.CHUNK);
            joined.writeBytes(piece);
        }
        assertThat(joined.toByteArray()).isEqualTo(output);
    }

    @Test
    void theBudgetEndsStreamsButNotServiceEvents() throws Exception {
        EventLog log = log(100_000);
        byte[] output = new byte[70_000];
        Arrays.fill(output, (byte) 'x');
        int first = log.appendStream(1, EventType.STDOUT, output);
        int second = log.appendStream(1, EventType.STDOUT, output);
        int third = log.appendStream(1, EventType.STDERR, output);
        log.append(1, EventType.EXIT, Map.of());
        log.complete(END);

        assertThat(first).isEqualTo(70_000);
        assertThat(second).isBetween(0, 30_000);
        assertThat(third).isZero();
        List<OperationEvent> events = readAll(log, -1);
        assertThat(events.stream().filter(event -> event.type().equals("size_cap")))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.spid()).isZero();
                    assertThat(event.data())
                            .containsEntry("limit_bytes", 100_000)
                            .containsKey("file_size");
                });
        assertThat(events.subList(events.size() - 2, events.size()))
                .extracting(OperationEvent::type)
                .containsExactly("exit", "completion");
        assertThat(Files.size(log.file())).isLessThan(101_000);
    }

    @Test
    void readingGoesOnBehindAnId() throws Exception {
        EventLog log = log(1 << 20);
        for (int i = 0; i < 5; i++) {
            log.append(0, EventType.PROGRESS, Map.of("step", i));
        }
        log.complete(END);

        assertThat(readAll(log, 2)).extracting(OperationEvent::id).containsExactly(3L, 4L, 5L);
        assertThat(readAll(log, 4)).extracting(OperationEvent::type).containsExactly("completion");
        assertThat(readAll(log, 5)).isEmpty();
        assertThat(readAll(log, 99)).isEmpty();
    }

    @Test
    void aReaderOfALogThatIsNotThereYetWaits() throws Exception {
        EventLog log = log(1 << 20);
        try (EventReader reader = new EventLogReader(log.file(), log, -1)) {
            assertThat(reader.next(Duration.ZERO)).isEmpty();
            assertThat(reader.next(Duration.ofMillis(20))).isEmpty();
            assertThat(reader.ended()).isFalse();
            log.append(0, EventType.INIT, Map.of());
            assertThat(reader.next(Duration.ZERO)).isPresent();
            log.complete(END);
            assertThat(reader.next(Duration.ZERO).orElseThrow().type()).isEqualTo("completion");
            assertThat(reader.ended()).isTrue();
            assertThat(reader.next(LONG)).isEmpty();
        }
    }

    @Test
    void whatComesAfterTheEndIsDropped() throws Exception {
        EventLog log = log(1 << 20);
        log.append(0, EventType.INIT, Map.of());
        log.complete(END);
        log.append(1, EventType.EXIT, Map.of());
        log.appendStream(1, EventType.STDOUT, new byte[10]);

        assertThat(readAll(log, -1)).extracting(OperationEvent::type).containsExactly("init", "completion");
    }

    @Test
    void aThousandReadersSeeEverythingWhileItIsWritten() throws Exception {
        EventLog log = log(1 << 30);
        int events = 200;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Long>> readers = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                readers.add(threads.submit(countOf(log)));
            }
            for (int i = 0; i < events; i++) {
                log.appendStream(1, EventType.STDOUT, ("line " + i + "\n").getBytes(StandardCharsets.US_ASCII));
            }
            log.complete(END);
            for (Future<Long> reader : readers) {
                assertThat(reader.get()).isEqualTo(events + 1L);
            }
        }
    }

    /** Reads all events, in order, and counts them. */
    private static Callable<Long> countOf(EventLog log) {
        return () -> {
            long next = 0;
            try (EventReader reader = new EventLogReader(log.file(), log, -1)) {
                while (!reader.ended()) {
                    var event = reader.next(LONG);
                    if (event.isPresent()) {
                        assertThat(event.get().id()).isEqualTo(next);
                        next++;
                    }
                }
            }
            return next;
        };
    }

    @Test
    void aReaderThatStoppedReadingHoldsNobodyBack() throws Exception {
        EventLog log = log(1 << 30);
        log.append(0, EventType.INIT, Map.of());
        try (EventReader stuck = new EventLogReader(log.file(), log, -1)) {
            assertThat(stuck.next(LONG)).isPresent();
            for (int i = 0; i < 100; i++) {
                log.appendStream(1, EventType.STDOUT, bytes(1 << 16, i));
            }
            log.complete(END);
            long count = 0;
            while (!stuck.ended()) {
                count += stuck.next(LONG).isPresent() ? 1 : 0;
            }
            assertThat(count).isEqualTo(401);
        }
    }

    @Test
    void aLogThatCannotBeWrittenSaysSo() {
        EventLog log = new EventLog(directory.resolve("missing/log.jsonl"), Clock.systemUTC(), 1 << 20);

        assertThatThrownBy(() -> log.append(0, EventType.INIT, Map.of()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("could not write the event log");
        assertThat(log.length()).isZero();
    }

    @Test
    void syncingTwiceIsHarmless() throws Exception {
        EventLog log = log(1 << 20);
        log.sync();
        log.append(0, EventType.INIT, Map.of());
        log.startSync(Runnable::run);
        log.sync();
        log.append(0, EventType.SHUTDOWN, Map.of());
        log.sync();
        log.complete(END);

        assertThat(readAll(log, -1)).hasSize(3);
    }
}
