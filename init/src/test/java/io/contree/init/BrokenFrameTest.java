package io.contree.init;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A server that breaks the rules ends init, and with it everything inside. */
class BrokenFrameTest extends InitTest {
    static Stream<Arguments> broken() {
        byte[] spawn = Spawn.of("true").encode();
        byte[] withNul = Spawn.of("tr\0ue").encode();
        return Stream.of(
                Arguments.of("unknown type", header('?', 1, 0)),
                Arguments.of("longer than 1 MiB", header('I', 1, (1 << 20) + 1)),
                Arguments.of("longer than 1 MiB", header('S', 1, -1)),
                Arguments.of("spid does not fit", frame('S', 0, spawn)),
                Arguments.of("spid does not fit", header('X', 1, 0)),
                Arguments.of("no payload", header('C', 1, 1)),
                Arguments.of("no payload", header('X', 0, 1)),
                Arguments.of("4 bytes", header('K', 1, 5)),
                Arguments.of("no such signal", frame('K', 1, new byte[4])),
                Arguments.of("no such signal", frame('K', 1, new byte[] {0, 0, 0, 65})),
                Arguments.of(
                        "ends too early",
                        frame(
                                'S',
                                1,
                                ByteBuffer.allocate(spawn.length - 1)
                                        .put(spawn, 0, spawn.length - 1)
                                        .array())),
                Arguments.of("ends too early", frame('S', 1, new byte[0])),
                Arguments.of(
                        "after its end",
                        frame(
                                'S',
                                1,
                                ByteBuffer.allocate(spawn.length + 1).put(spawn).array())),
                Arguments.of("list is longer", frame('S', 1, new byte[] {-1, -1, -1, -1, 0, 0, 0, 0})),
                Arguments.of("argv is empty", frame('S', 1, Spawn.of().encode())),
                Arguments.of("NUL", frame('S', 1, withNul)),
                Arguments.of(
                        "unknown spawn flags",
                        frame('S', 1, Spawn.of("true").flags(8).encode())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("broken")
    void endsInit(String problem, byte[] bytes) throws Exception {
        init.sendRaw(bytes);

        assertThat(init.exitCode()).isEqualTo(2);
        assertThat(init.error()).startsWith("contree-init: ").contains(problem);
    }

    @Test
    void moreInputThanTheWindowEndsInit() throws Exception {
        init.spawn(1, Spawn.shell("sleep 1000").stdinOpen());
        init.stdin(1, new byte[262_144]);
        init.stdin(1, new byte[262_144]);

        assertThat(init.exitCode()).isEqualTo(2);
        assertThat(init.error()).contains("window");
    }

    @Test
    void aSpidInUseEndsInitAndTheProcessesWithIt() throws Exception {
        init.spawn(1, Spawn.shell("sleep 1000"));
        init.spawn(1, Spawn.shell("sleep 1000"));

        assertThat(init.rest()).last().matches(frame -> frame.type() == 'Q');
        assertThat(init.exitCode()).isEqualTo(2);
        assertThat(init.error()).contains("in use");
    }

    @Test
    void aFrameMayArriveByteByByte() throws Exception {
        for (byte one : frame('S', 1, Spawn.shell("echo whole").encode())) {
            init.sendRaw(new byte[] {one});
        }
        assertThat(init.outcome(1).text()).isEqualTo("whole\n");
    }

    @Test
    void aFrameMayBeAsLongAsAgreed() throws Exception {
        Spawn spawn = Spawn.of("/bin/sh", "-c", "echo $#");
        int rest = (1 << 20) - spawn.encode().length;
        while (rest > 104) {
            spawn.argument(new byte[0])
                    .argument(new byte[] {1})
                    .argument("x".repeat(87).getBytes(StandardCharsets.UTF_8));
            rest -= 100;
        }
        spawn.argument("y".repeat(rest - 4).getBytes(StandardCharsets.UTF_8));
        assertThat(spawn.encode()).hasSize(1 << 20);

        assertThat(init.run(1, spawn).text()).isNotEmpty();
    }

    @Test
    void garbageEndsInit() throws Exception {
        Random random = new Random(3);
        for (int round = 0; round < 30; round++) {
            byte[] garbage = new byte[1 + random.nextInt(5000)];
            random.nextBytes(garbage);
            try (Init other = startAnother()) {
                other.sendRaw(garbage);
                other.closeInput();
                assertThat(other.exitCode()).isIn(0, 2);
            }
        }
    }

    private static byte[] header(char type, int spid, int length) {
        return ByteBuffer.allocate(9)
                .put((byte) type)
                .putInt(spid)
                .putInt(length)
                .array();
    }

    private static byte[] frame(char type, int spid, byte[] payload) {
        return new Frame(type, spid, payload).encode();
    }
}
