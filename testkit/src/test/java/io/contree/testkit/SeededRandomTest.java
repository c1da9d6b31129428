package io.contree.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SeededRandomTest {
    @AfterEach
    void forgetTheSeed() {
        System.clearProperty("contree.seed");
    }

    @Test
    void oneSeedGivesTheSameValues() {
        assertThat(values(new SeededRandom(7))).isEqualTo(values(new SeededRandom(7)));
        assertThat(values(new SeededRandom(7))).isNotEqualTo(values(new SeededRandom(8)));
    }

    @Test
    void aFailureNamesTheSeedThatRepeatsIt() {
        List<Integer> failing = new ArrayList<>();
        SeededRandom.Case property = random -> {
            int value = random.between(0, 1_000_000);
            if (value > 100_000) {
                failing.add(value);
                throw new IllegalStateException("too large: " + value);
            }
        };

        AssertionError failure =
                Assertions.catchThrowableOfType(AssertionError.class, () -> SeededRandom.forAll(1000, property));
        assertThat(failure).hasMessageContaining("too large").hasCauseInstanceOf(IllegalStateException.class);
        String seed = failure.getMessage().replaceAll("seed (-?\\d+) .*", "$1");
        System.setProperty("contree.seed", seed);

        assertThatThrownBy(() -> SeededRandom.forAll(1000, property)).hasMessageContaining("seed " + seed);
        assertThat(failing).hasSize(2).containsOnly(failing.getFirst());
    }

    @Test
    void everyCaseHasAnotherSeed() {
        Set<Long> seeds = new HashSet<>();

        SeededRandom.forAll(50, random -> seeds.add(random.seed()));

        assertThat(seeds).hasSize(50);
    }

    @Test
    void valuesKeepTheirBounds() {
        SeededRandom.forAll(200, random -> {
            assertThat(random.between(-3, 3)).isBetween(-3, 3);
            assertThat(random.list(2, 4, () -> random.pick(List.of("a", "b")))).hasSizeBetween(2, 4);
            String name = random.rawName(20);
            assertThat(name).hasSizeBetween(1, 20).doesNotContain("/", "\0", ".");
            assertThat(name.chars()).allMatch(c -> c < 256);
            assertThat(random.chance(0)).isFalse();
            assertThat(random.chance(100)).isTrue();
        });
    }

    private static List<Object> values(SeededRandom random) {
        return List.of(
                random.nextLong(),
                random.between(0, 1000),
                random.rawName(9),
                HexFormat.of().formatHex(random.bytes(4)));
    }
}
