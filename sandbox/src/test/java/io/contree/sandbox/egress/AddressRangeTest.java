package io.contree.sandbox.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class AddressRangeTest {
    @Test
    void readsTheDestinationsOfRoutes() {
        String routes = """
                default via 192.0.2.1 dev eth0\s
                192.0.2.0/24 dev eth0 proto kernel scope link src 192.0.2.2\s
                unreachable 10.213.16.0/20 proto 202 metric 42949672\s
                blackhole 10.9.0.0/16\s
                local 127.0.0.1 dev lo table local proto kernel scope host src 127.0.0.1\s
                broadcast 192.0.2.255 dev eth0 table local proto kernel scope link src 192.0.2.2\s
                """;
        assertThat(AddressRange.routes(routes))
                .extracting(Cidr::toString)
                .containsExactly("192.0.2.0/24", "10.213.16.0/20", "10.9.0.0/16", "127.0.0.1", "192.0.2.255");
    }

    @Test
    void looksAtEveryRangeOnceAndBeginsWhereTheServersNameSays() {
        List<Cidr> candidates = AddressRange.candidates("contree-0123456789ab");

        assertThat(candidates).hasSize(800).doesNotHaveDuplicates();
        assertThat(candidates)
                .allMatch(candidate -> candidate.prefix() == 20)
                .allMatch(candidate -> candidate.toString().matches("10\\.2([0-4]\\d|50)\\.\\d+\\.0/20"));
        assertThat(candidates.getFirst())
                .isNotEqualTo(AddressRange.candidates("contree-ba9876543210").getFirst());
    }
}
