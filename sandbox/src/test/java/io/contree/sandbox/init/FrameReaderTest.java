package io.contree.sandbox.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameReaderTest {
    private static FrameReader reader(String hex) {
        return new FrameReader(new ByteArrayInputStream(HexFormat.of().parseHex(hex.replace(" ", ""))));
    }

    @Test
    void readsFramesUntilTheStreamEnds() throws IOException {
        FrameReader reader = reader("4f 00000001 00000002 6869" + "52 00000000 00000000");

        Frame first = reader.next().orElseThrow();
        assertThat(first.type()).isEqualTo('O');
        assertThat(first.spid()).isEqualTo(1);
        assertThat(first.bytes()).asString(StandardCharsets.UTF_8).isEqualTo("hi");
        assertThat(reader.next().orElseThrow().type()).isEqualTo('R');
        assertThat(reader.next()).isEmpty();
    }

    @Test
    void refusesALengthOutOfBoundsBeforeReadingIt() {
        assertThatThrownBy(() -> reader("4f 00000001 00100001").next())
                .isInstanceOf(BrokenFrameException.class)
                .hasMessageContaining("1048577");
        assertThatThrownBy(() -> reader("4f 00000001 ffffffff").next())
                .isInstanceOf(BrokenFrameException.class)
                .hasMessageContaining("4294967295");
    }

    @Test
    void refusesAStreamThatEndsWithinAFrame() {
        for (String cut : new String[] {"4f", "4f 00000001 0000", "4f 00000001 00000002 68"}) {
            assertThatThrownBy(() -> reader(cut).next())
                    .as(cut)
                    .isInstanceOf(BrokenFrameException.class)
                    .hasMessageContaining("ended after");
        }
    }

    @Test
    void takesStringsWithinTheirFrameOnly() throws IOException {
        Frame good = reader("46 00000001 00000006 00000002 c3bc").next().orElseThrow();
        assertThat(good.text()).isEqualTo("ü");
        Frame tooLong = reader("46 00000001 00000005 00000002 61").next().orElseThrow();
        assertThatThrownBy(tooLong::text).isInstanceOf(BrokenFrameException.class);
        Frame negative = reader("46 00000001 00000004 ffffffff").next().orElseThrow();
        assertThatThrownBy(negative::text).isInstanceOf(BrokenFrameException.class);
        Frame noLength = reader("46 00000001 00000002 0000").next().orElseThrow();
        assertThatThrownBy(noLength::text).isInstanceOf(BrokenFrameException.class);
    }

    @Test
    void readsWhatTheWriterWrote() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        FrameWriter writer = new FrameWriter(out);
        byte[] payload = new byte[100_000];
        new Random(7).nextBytes(payload);
        writer.write('I', 42, payload, 10, 70_000);
        writer.write('C', -1, new byte[0]);

        FrameReader reader = new FrameReader(new ByteArrayInputStream(out.toByteArray()));
        Frame first = reader.next().orElseThrow();
        assertThat(first.spid()).isEqualTo(42);
        assertThat(first.bytes()).isEqualTo(Arrays.copyOfRange(payload, 10, 70_010));
        assertThat(reader.next().orElseThrow().spid()).isEqualTo(-1);
        assertThat(reader.next()).isEmpty();
    }

    @Test
    void writesNoFrameThatInitWouldRefuse() {
        FrameWriter writer = new FrameWriter(new ByteArrayOutputStream());
        assertThatThrownBy(() -> writer.write('S', 1, new byte[Frame.MAX_PAYLOAD + 1]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void survivesAnyBytes() throws IOException {
        for (int seed = 0; seed < 2_000; seed++) {
            byte[] bytes = new byte[64];
            Random random = new Random(seed);
            random.nextBytes(bytes);
            // Small lengths, or hardly any frame would be whole.
            bytes[5] = 0;
            bytes[6] = 0;
            bytes[7] = 0;
            FrameReader reader = new FrameReader(new ByteArrayInputStream(bytes));
            try {
                while (reader.next().isPresent()) {
                    assertThat(seed).isNotNegative();
                }
            } catch (BrokenFrameException expected) {
                assertThat(expected).hasMessageNotContaining("null");
            }
        }
    }
}
