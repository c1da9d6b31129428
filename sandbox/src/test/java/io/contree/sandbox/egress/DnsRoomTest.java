package io.contree.sandbox.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class DnsRoomTest {
    private final InetAddress one = InetAddress.ofLiteral("10.201.0.2");
    private final InetAddress other = InetAddress.ofLiteral("10.201.0.3");

    @Test
    void whoFillsItsPartLeavesThoseOfOthers() {
        DnsRoom room = new DnsRoom(2);
        assertThat(room.enter(one)).isTrue();
        assertThat(room.enter(one)).isTrue();
        assertThat(room.enter(one)).isFalse();
        assertThat(room.enter(other)).isTrue();
    }

    @Test
    void thereIsRoomAgainWhenOneHasItsAnswerAndNobodyIsRemembered() {
        DnsRoom room = new DnsRoom(1);
        assertThat(room.enter(one)).isTrue();
        assertThat(room.enter(one)).isFalse();
        room.leave(one);
        assertThat(room.enter(one)).isTrue();
        room.leave(one);
        assertThat(room.waiting()).isEmpty();
    }
}
