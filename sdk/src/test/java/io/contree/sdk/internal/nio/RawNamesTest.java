package io.contree.sdk.internal.nio;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.testkit.SeededRandom;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RawNamesTest {
    @Test
    void everyNameSurvivesTheWayThroughText() {
        SeededRandom.forAll(5000, random -> {
            byte[] bytes = new byte[random.between(0, 11)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (1 + random.between(0, 254));
            }
            String text = RawNames.decode(bytes);
            assertThat(RawNames.encode(text)).isEqualTo(bytes);
            assertThat(RawNames.ofPercent(RawNames.percent(text))).isEqualTo(text);
            assertThat(RawNames.checked(text)).isEqualTo(text);
        });
    }

    @Test
    void namesInUtf8AreThemselves() {
        String name = "Grüße 😀/%41+~";
        assertThat(RawNames.decode(name.getBytes(StandardCharsets.UTF_8))).isEqualTo(name);
        assertThat(RawNames.percent(name)).isEqualTo("Gr%C3%BC%C3%9Fe%20%F0%9F%98%80/%2541%2B~");
    }

    @Test
    void otherBytesAreLoneSurrogates() {
        assertThat(RawNames.decode(new byte[] {'a', (byte) 0xFF, (byte) 0xC3, 'b'}))
                .isEqualTo("a\udcff\udcc3b");
        assertThat(RawNames.percent("a\udcff")).isEqualTo("a%FF");
    }
}
