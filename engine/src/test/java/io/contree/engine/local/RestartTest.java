package io.contree.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.api.OperationEvent;
import io.contree.api.OperationStatus;
import io.contree.engine.OperationDetails;
import io.contree.engine.OperationRecord;
import io.contree.engine.Samples;
import io.contree.engine.log.LogDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestartTest {
    @TempDir
    private Path data;

    private EngineFixture fixture;

    @BeforeEach
    void open() {
        fixture = EngineFixture.open(data, 1, 10);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private Path log(UUID operation) {
        return LogDirectory.open(data).file(operation);
    }

    /** What a killed server leaves: a record without an outcome, and perhaps the start of a log. */
    private UUID leave(String log) throws Exception {
        OperationRecord record = Samples.run(fixture.caller.project(), fixture.base.uuid(), Samples.THEN);
        fixture.catalog.accept(record);
        if (!log.isEmpty()) {
            Files.writeString(log(record.uuid()), log);
        }
        return record.uuid();
    }

    private static String line(int id, int spid, String type) {
        return "{\"id\":" + id + ",\"ts\":\"2026-01-02T03:04:05.000000+00:00\",\"spid\":" + spid + ",\"type\":\"" + type
                + "\",\"data\":{\"value\":\"so far\",\"encoding\":\"ascii\"}}\n";
    }

    private void assertInterrupted(UUID operation, String words, String... types) throws Exception {
        OperationDetails details = fixture.end(operation);
        assertThat(details.summary().status()).isEqualTo(OperationStatus.FAILED);
        assertThat(details.summary().error()).startsWith("interrupted: the server stopped while it was " + words);
        List<OperationEvent> events = fixture.events(operation);
        assertThat(events).extracting(OperationEvent::type).containsExactly(types);
        assertThat(events.getLast().id()).isEqualTo(types.length - 1);
        assertThat(events.getLast().data())
                .containsEntry("status", "FAILED")
                .containsEntry("error", details.summary().error());
    }

    @Test
    void whatWasUnfinishedFailedAndSaysHowFarItWas() throws Exception {
        UUID queued = leave("");
        UUID prepared = leave(line(0, 0, "init"));
        UUID running = leave(line(0, 0, "init") + line(1, 1, "spawn") + line(2, 1, "stdout"));
        fixture.restart();

        assertInterrupted(queued, "waiting in the queue", "completion");
        assertInterrupted(prepared, "being prepared", "init", "completion");
        assertInterrupted(running, "running", "init", "spawn", "stdout", "completion");
        assertThat(fixture.catalog.unfinished()).isEmpty();
    }

    @Test
    void aTornLineEndsTheLog() throws Exception {
        String whole = line(0, 0, "init") + line(1, 1, "spawn");
        UUID torn = leave(whole + line(2, 1, "stdout").substring(0, 30));
        UUID zeros = leave(whole + "\0\0\0\0\n" + line(3, 1, "stdout"));
        UUID gap = leave(whole + line(7, 1, "stdout"));
        fixture.restart();

        assertInterrupted(torn, "running", "init", "spawn", "completion");
        assertInterrupted(zeros, "running", "init", "spawn", "completion");
        assertInterrupted(gap, "running", "init", "spawn", "completion");
    }

    @Test
    void whatWasFinishedIsAsBefore() throws Exception {
        UUID operation = fixture.start("echo", "hello");
        OperationDetails details = fixture.end(operation);
        List<OperationEvent> events = fixture.events(operation);
        fixture.close();
        fixture.restart();

        assertThat(fixture.end(operation)).isEqualTo(details);
        assertThat(fixture.events(operation)).isEqualTo(events);
        assertThat(fixture.status(operation)).isEqualTo(OperationStatus.SUCCESS);
    }

    @Test
    void theLogOfAFinishedOperationTakesNothingMore() throws Exception {
        UUID operation = fixture.start("echo", "hello");
        fixture.end(operation);
        fixture.close();
        String log = Files.readString(log(operation));
        assertThat(log.lines().count()).as("events and the checksum").isEqualTo(6);
        assertThat(log).doesNotContain("completion").endsWith("\n");
        Files.writeString(log(operation), "{\"id\":5,\"torn", StandardOpenOption.APPEND);
        fixture.restart();

        OperationEvent last = fixture.events(operation).getLast();
        assertThat(last.id()).isEqualTo(5);
        assertThat(last.data()).containsEntry("status", "SUCCESS");
    }
}
