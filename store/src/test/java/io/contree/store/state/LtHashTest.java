package io.contree.store.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.store.Digest;
import io.contree.store.Image;
import io.contree.store.LtHash;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LtHashTest {
    private static byte[] element(String text) {
        return Digest.ofContent(text.getBytes(StandardCharsets.UTF_8)).bytes();
    }

    private static LtHash of(String... elements) {
        EntrySum sum = new EntrySum();
        for (String element : elements) {
            sum.add(element(element));
        }
        return sum.hash();
    }

    private static String hex(LtHash hash, int from, int to) {
        return HexFormat.of().formatHex(hash.bytes(), from, to);
    }

    /**
     * Computed with OpenSSL: {@code head -c 2048 /dev/zero | openssl enc -aes-256-ctr -K $(printf a | sha256sum) -iv 0}.
     */
    @Test
    void stretchesAnElementByAesInCounterMode() {
        assertThat(hex(of("a"), 0, 16)).isEqualTo("3ea02d42ae653a06bafc3a023e2e16bb");
        assertThat(hex(of("a"), 2032, 2048)).isEqualTo("8b8370b5a4a5097ae7e26da8bd36f2ed");
    }

    @Test
    void addsLaneByLane() {
        assertThat(hex(of("a", "b"), 0, 16)).isEqualTo("9ec0d5d4071d29f49c3260b1e8a818be");
        assertThat(Digest.ofContent(of("a", "b").bytes()).hex())
                .isEqualTo("274b384f901d6a5546e5672c7303cd0b356c2be5885827b2d2627fdfa51c3a3c");
    }

    @Test
    void orderDoesNotMatterButNumberDoes() {
        assertThat(of("a", "b", "c")).isEqualTo(of("c", "a", "b"));
        assertThat(of("a", "a")).isNotEqualTo(of("a"));
    }

    @Test
    void subtractingUndoesAdding() {
        EntrySum sum = new EntrySum();
        sum.subtract(element("a"));
        sum.add(element("b"));
        sum.add(element("a"));
        assertThat(sum.hash()).isEqualTo(of("b"));
        sum.subtract(element("b"));
        assertThat(sum.hash()).isEqualTo(LtHash.EMPTY);
    }

    @Test
    void sumsOfSumsAreSums() {
        assertThat(of("a").plus(of("b"))).isEqualTo(of("a", "b"));
        assertThat(of("a", "b").minus(of("b"))).isEqualTo(of("a"));
        assertThat(LtHash.EMPTY.minus(of("a")).plus(of("a"))).isEqualTo(LtHash.EMPTY);
    }

    @Test
    void bytesAreItsForm() {
        LtHash sum = of("a");
        assertThat(LtHash.of(sum.bytes())).isEqualTo(sum).hasSameHashCodeAs(sum);
        assertThatThrownBy(() -> LtHash.of(new byte[3])).hasMessageContaining("2048");
    }

    @Test
    void contentDigestIsThatOfTheContentSum() {
        Image image = new Image(
                UUID.randomUUID(),
                Digest.of(new byte[32]),
                of("a"),
                of("b"),
                List.of(),
                new TreeMap<>(),
                "",
                Instant.EPOCH);
        assertThat(image.contentDigest()).isEqualTo(Digest.ofContent(of("b").bytes()));
    }
}
