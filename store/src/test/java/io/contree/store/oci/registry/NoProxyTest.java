package io.contree.store.oci.registry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NoProxyTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "example.com; example.com; true",
                "example.com; a.example.com; true",
                "example.com; badexample.com; false",
                ".example.com; a.example.com; true",
                ".example.com; example.com; false",
                "*.example.com; a.example.com; true",
                "EXAMPLE.com; a.Example.COM.; true",
                "example.com:443; example.com; true",
                "example.com:5000; example.com; false",
                "10.0.0.0/8; 10.1.2.3; true",
                "10.0.0.0/8; 11.1.2.3; false",
                "10.0.0.0/8; ten.example; false",
                "10.1.2.3; 10.1.2.3; true",
                "fd00::/8; [fd12::1]; true",
                "[fd12::1]:443; [fd12::1]; true",
                "a.b, other  c.d; x.c.d; true",
                "*; anything; true",
                "''; anything; false",
                "10.0.0.0/99, /, :, x/y; 10.0.0.1; false"
            })
    void hostsThatAreReachedWithoutProxy(String list, String host, boolean covered) {
        assertThat(new NoProxy(list).covers(host, 443)).isEqualTo(covered);
    }
}
