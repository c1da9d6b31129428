package io.contree.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ValuesTest {
    @Test
    void rawPathsHoldBytes() {
        String raw = RawPath.of("\u00e4\u20ac").raw();

        assertThat(RawPath.bytes(raw)).hasSize(5);
        assertThat(raw).hasSize(5);
        assertThat(RawPath.toText(raw)).isEqualTo("\u00e4\u20ac");
        assertThat(RawPath.toText("\u00ff")).isEqualTo("\ufffd");
    }

    @Test
    void rawPathsSplit() {
        assertThat(new RawPath("a/b/c").parent().raw()).isEqualTo("a/b");
        assertThat(new RawPath("a/b/c").name()).isEqualTo("c");
        assertThat(new RawPath("a").parent().raw()).isEmpty();
        assertThat(new RawPath("a").name()).isEqualTo("a");
    }

    @Test
    void mappingsStayInRange() {
        assertThat(IdMapping.DEFAULT.toHost(33)).isEqualTo(100_033);
        assertThatIllegalArgumentException().isThrownBy(() -> IdMapping.DEFAULT.toHost(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> new IdMapping(-1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new IdMapping(1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new IdMapping(2_147_000_000, 1_000_000));
    }

    @Test
    void aMappingHasEveryIdInsideAndSharesTheHighOnes() {
        IdMapping next = IdMapping.DEFAULT.next(1);

        assertThat(next.toHost(0)).isEqualTo(165_536);
        assertThat(next.toHost(65_536)).isEqualTo(IdMapping.DEFAULT.toHost(65_536));
        assertThat(Integer.toUnsignedLong(next.toHost(65_536))).isGreaterThan(Integer.MAX_VALUE);
        // 4294967295 is no id.
        assertThat(Integer.toUnsignedLong(next.toHost(Integer.MAX_VALUE))).isEqualTo(4_294_967_294L);
        IdMapping last = IdMapping.DEFAULT.next(IdMapping.DEFAULT.ranges() - 1);
        assertThat(last.toHost(65_535)).isPositive();
        assertThatIllegalArgumentException().isThrownBy(() -> IdMapping.DEFAULT.next(IdMapping.DEFAULT.ranges()));
        for (IdMapping.Extent extent : last.extents()) {
            assertThat(extent.outside()).isEqualTo(Integer.toUnsignedLong(last.toHost((int) extent.inside())));
        }
    }

    @Test
    void exceptionsNameCallPathAndError() {
        LinuxException known = new LinuxException("openat2", "d\u00c3\u00a9", 2);
        LinuxException unknown = new LinuxException("fsconfig(create)", "", 133, "overlay: no");

        assertThat(known).hasMessage("openat2 d\u00e9: ENOENT");
        assertThat(known.errno()).isEqualTo(Errno.ENOENT);
        assertThat(unknown).hasMessage("fsconfig(create): errno 133 (overlay: no)");
        assertThat(unknown.errno()).isEqualTo(Errno.OTHER);
    }

    @Test
    void anOverlayHasALowerDirectory() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Mounts.Overlay(List.<Path>of(), Optional.empty(), Optional.empty()));
    }

    @Test
    void whiteoutsAreDevices0And0() {
        Stat whiteout = new Stat(Stat.CHARACTER_DEVICE, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0);
        Stat console = new Stat(Stat.CHARACTER_DEVICE, 0, 0, 0, 0, 1, 1, 1, 0, 5, 1);

        assertThat(whiteout.isWhiteout()).isTrue();
        assertThat(console.isWhiteout()).isFalse();
    }
}
