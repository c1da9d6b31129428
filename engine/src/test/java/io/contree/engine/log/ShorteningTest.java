package io.contree.engine.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.api.OperationEvent;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ShorteningTest {
    @Test
    void whatIsOfUsualLengthStaysWhole() {
        Shortening shortening = new Shortening();

        assertThat(shortening.text("sh")).isEqualTo("sh");
        assertThat(shortening.texts(List.of("-c", "", "true"))).containsExactly("-c", "", "true");
        assertThat(shortening.map(Map.of("K", "v"))).isEqualTo(Map.of("K", "v"));
    }

    @Test
    void theFirstCharactersAreShownAndNoneIsCutInTwo() {
        Shortening shortening = new Shortening();
        String shown = shortening.text("x" + "\ud83d\ude00".repeat(200_000));

        assertThat(shown).startsWith("x\ud83d\ude00").endsWith("\ude00…").hasSizeLessThan(300_000);
        assertThat(shortening.text("more")).isEqualTo("…");
        assertThat(shortening.texts(List.of("a", "b"))).containsExactly("…");
        assertThat(shortening.map(Map.of("K", "v"))).isEmpty();
    }

    @Test
    void theWorstCaseIsAnEventThatClientsTake() {
        Shortening shortening = new Shortening();
        List<String> args = shortening.texts(Collections.nCopies(1_000_000, "\u0001"));
        Map<String, String> env = new TreeMap<>();
        for (int i = 0; i < 100_000; i++) {
            env.put("\u0001" + i, "");
        }

        Map<String, Object> data = Map.of("args", args, "env", shortening.map(env));
        assertThat(EventLine.of(new OperationEvent(0, Instant.EPOCH, 1, "spawn", data)))
                .hasSizeLessThan(4 << 20);
    }
}
