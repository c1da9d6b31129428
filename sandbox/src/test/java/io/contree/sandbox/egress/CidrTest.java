package io.contree.sandbox.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {
    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0/0", "10.0.0.0/8", "192.168.1.7", "255.255.255.255", "203.0.113.128/25"})
    void readsWhatItWrites(String text) {
        assertThat(Cidr.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10",
                "10.0.0/8",
                "10.0.0.0/33",
                "10.0.0.1/8",
                "256.0.0.1",
                "1.2.3.4/",
                "::1",
                "a.b.c.d",
                " 1.2.3.4"
            })
    void refusesWhatIsNoRange(String text) {
        assertThatThrownBy(() -> Cidr.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.0.0/16, true",
        "10.255.0.0/16, 10.0.0.0/8, true",
        "10.0.0.0/8, 11.0.0.0/8, false",
        "0.0.0.0/0, 255.255.255.255, true",
        "192.168.1.7, 192.168.1.7, true",
        "192.168.1.7, 192.168.1.6, false",
        "128.0.0.0/1, 127.255.255.255, false"
    })
    void rangesOverlapOrNot(String one, String other, boolean overlap) {
        assertThat(Cidr.parse(one).overlaps(Cidr.parse(other))).isEqualTo(overlap);
    }

    @Test
    void countsItsAddresses() {
        assertThat(Cidr.parse("10.1.0.0/16").size()).isEqualTo(65_536);
        assertThat(Cidr.parse("10.1.2.3").size()).isEqualTo(1);
        assertThat(Cidr.parse("0.0.0.0/0").size()).isEqualTo(Integer.MAX_VALUE);
        assertThat(Cidr.parse("10.1.0.0/16").at(257)).isEqualTo("10.1.1.1");
    }
}
