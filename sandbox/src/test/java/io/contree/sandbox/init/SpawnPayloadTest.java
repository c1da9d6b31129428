package io.contree.sandbox.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.sandbox.ProcessSpec;
import io.contree.sandbox.ProcessUser;
import io.contree.sandbox.Run;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SpawnPayloadTest {
    @Test
    void isTheFormOfTheProtocol() {
        ProcessSpec spec = new ProcessSpec(
                List.of("a", "ü"),
                Map.of("B", "2", "A", "="),
                "/w",
                ProcessUser.of(7, 8),
                Duration.ofMillis(258),
                Duration.ofSeconds(2),
                1L << 32,
                true);

        assertThat(HexFormat.of().formatHex(SpawnPayload.encode(spec, true)))
                .isEqualTo("00000002" + "00000001" + "61" + "00000002" + "c3bc"
                        + "00000002" + "00000003" + "413d3d" + "00000003" + "423d32"
                        + "00000002" + "2f77"
                        + "00000003" + "373a38"
                        + "0000000000000102" + "0000000100000000" + "00000000000007d0" + "00000007");
    }

    @Test
    void tellsOtherProcessesFromTheMainOne() {
        ProcessSpec closed = Run.command("x");
        byte[] main = SpawnPayload.encode(closed, true);
        byte[] other = SpawnPayload.encode(Run.withStdin(closed), false);
        assertThat(main[main.length - 1]).isEqualTo((byte) (2 + 4));
        assertThat(other[other.length - 1]).isEqualTo((byte) (1 + 4));
    }

    @Test
    void leavesSupplementaryGroupsOutWhereDockerDoes() {
        ProcessSpec docker = Run.as(ProcessUser.asDocker("ann:adm"), Map.of(), Run.command("x"));
        byte[] payload = SpawnPayload.encode(docker, true);
        assertThat(payload[payload.length - 1]).isEqualTo((byte) 2);
    }

    @Test
    void refusesWhatNoProcessCanHave() {
        assertThatThrownBy(() -> Run.command("a\0b")).hasMessageContaining("NUL");
        assertThatThrownBy(() -> Run.in("/a\0b", Run.command("x"))).hasMessageContaining("NUL");
        assertThatThrownBy(() -> Run.in("relative", Run.command("x"))).hasMessageContaining("not absolute");
        assertThatThrownBy(() -> Run.command("")).hasMessageContaining("program");
        assertThatThrownBy(() -> Run.limited(Run.command("x"), Duration.ofMillis(-1), 1))
                .hasMessageContaining("negative");
        assertThatThrownBy(() -> Run.as(ProcessUser.asDocker("a\0b"), Map.of(), Run.command("x")))
                .hasMessageContaining("NUL");
        for (String name : List.of("", "A=B", "A\0B")) {
            assertThatThrownBy(() -> Run.as(ProcessUser.ROOT, Map.of(name, "v"), Run.command("x")))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
