package io.contree.sandbox.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TrafficTest {
    private static final List<String> LINES = List.of(
            "Inter-|   Receive                                                |  Transmit",
            " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier",
            "    lo: 1 2 3 4 0 0 0 0 5 6 7 8 0 0 0 0",
            "ctreeabcdef1:     100       2    3    4    0     0          0         0     5000      60    7    8    0     0       0"
                    + "          0");

    @Test
    void whatTheMachineSendsTheSandboxReceives() {
        assertThat(Traffic.beyond("ctreeabcdef1", LINES)).contains(new Traffic(5000, 60, 7, 8, 100, 2, 3, 4));
    }

    @Test
    void aDeviceThatIsGoneHasNone() {
        assertThat(Traffic.beyond("ctreeabcdef", LINES)).isEmpty();
        assertThat(Traffic.beyond("eth0", List.of())).isEmpty();
    }
}
