package io.contree.engine.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.api.EventType;
import io.contree.engine.OperationEnd;
import io.contree.engine.Outcome;
import io.contree.testkit.SeededRandom;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogProofTest {
    @TempDir
    private Path directory;

    private Path written(boolean complete) {
        Path file = directory.resolve("log.jsonl");
        try (EventLog log = new EventLog(file, Clock.systemUTC(), 1 << 20)) {
            log.append(0, EventType.INIT, Map.of("verbose", false));
            log.appendStream(1, EventType.STDOUT, "said\n".getBytes(StandardCharsets.UTF_8));
            log.append(1, EventType.EXIT, Map.of("code", 0));
            if (complete) {
                log.complete(new OperationEnd(new Outcome.Cancelled(), Instant.now(), Duration.ZERO, Optional.empty()));
            }
        }
        return file;
    }

    @Test
    void aWholeLogIsWhole() {
        assertThat(LogProof.problem(written(true), true, true)).isEmpty();
    }

    @Test
    void aLogThatACrashCutOffIsWhole() throws IOException {
        Path file = written(false);
        assertThat(LogProof.problem(file, true, true)).isEmpty();
        Files.writeString(file, Files.readString(file) + "{\"id\":3,\"ts\"");
        assertThat(LogProof.problem(file, false, true)).isEmpty();
        assertThat(LogProof.problem(directory.resolve("none"), false, true)).isEmpty();
    }

    @Test
    void aLogWithoutItsExitIsNot() throws IOException {
        Path file = written(true);
        String text = Files.readString(file);
        Files.writeString(file, text.substring(0, text.indexOf("{\"id\":2")));
        assertThat(LogProof.problem(file, true, true))
                .hasValueSatisfying(what -> assertThat(what).contains("before the exit"));
        assertThat(LogProof.problem(directory.resolve("none"), true, true)).contains("it is missing");
    }

    @Test
    void everyFlippedBitIsFound() throws IOException {
        Path file = written(true);
        byte[] whole = Files.readAllBytes(file);
        SeededRandom.forAll(1, random -> {
            for (int at = 0; at < whole.length; at++) {
                byte[] damaged = whole.clone();
                damaged[at] ^= (byte) (1 << random.between(0, 7));
                Files.write(file, damaged);
                boolean trailer = at >= new String(whole, StandardCharsets.ISO_8859_1).indexOf("{\"crc32c\"");
                // A trailer that is none is a line that no event is: found too, unless it has lost its line feed.
                if (!trailer || at < whole.length - 1) {
                    assertThat(LogProof.problem(file, true, false))
                            .as("byte %d", at)
                            .isPresent();
                }
            }
        });
    }
}
