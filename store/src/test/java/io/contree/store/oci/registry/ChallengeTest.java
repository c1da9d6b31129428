package io.contree.store.oci.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChallengeTest {
    @Test
    void quotedAndPlainParametersOfSeveralSchemes() {
        assertThat(
                        Challenge.parse(
                                List.of(
                                        "Basic realm=\"a, b\", Bearer realm=\"https://x/token\",service=reg,scope=\"r:a/b:pull,push\"")))
                .containsExactly(
                        new Challenge("basic", Map.of("realm", "a, b")),
                        new Challenge(
                                "bearer",
                                Map.of("realm", "https://x/token", "service", "reg", "scope", "r:a/b:pull,push")));
    }

    @Test
    void escapesAndCase() {
        assertThat(Challenge.parse(List.of("BEARER Realm=\"a\\\"b\"")))
                .containsExactly(new Challenge("bearer", Map.of("realm", "a\"b")));
    }

    @Test
    void nonsenseIsNoChallengeAndEndsSoon() {
        assertThat(Challenge.parse(List.of("", "=", "\"", ",,,"))).isEmpty();
        assertThat(Challenge.parse(List.of("Bearer realm=\"" + "\\".repeat(8000))))
                .hasSizeLessThanOrEqualTo(1);
        assertThat(Challenge.parse(List.of("Bearer " + "a=b,".repeat(100_000)))).isEmpty();
    }
}
