package io.contree.store.grep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.linux.RawPath;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GlobFilterTest {
    private static boolean takes(String path, boolean directory, String... globs) {
        return new GlobFilter(List.of(globs)).takes(RawPath.of(path), directory);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " | ",
            value = {
                "*.conf | /etc/a.conf | true",
                "*.conf | /etc/a.confx | false",
                "etc/*.conf | /etc/a.conf | true",
                "/etc/*.conf | /etc/a.conf | true",
                "etc/*.conf | /x/etc/a.conf | false",
                "etc/*.conf | /etc/b/a.conf | false",
                "etc/**/*.conf | /etc/b/c/a.conf | true",
                "etc/**/*.conf | /etc/a.conf | true",
                "**/b/* | /etc/b/a | true",
                "etc/** | /etc/b/c | true",
                "*.{c,h} | /x/y.h | true",
                "*.{c,h} | /x/y.cc | false",
                "?.txt | /é.txt | true",
                "[a-c]x | /bx | true",
                "[!a-c]x | /bx | false",
                "a\\*b | /a*b | true",
                "a\\*b | /axb | false",
                "(a+).txt | /(a+).txt | true",
            })
    void fitsAsRipgrepsDo(String glob, String path, boolean taken) {
        assertThat(takes(path, false, glob)).isEqualTo(taken);
    }

    @Test
    void theLastGlobThatFitsDecides() {
        assertThat(takes("/a/x.txt", false, "*.txt", "!x.*")).isFalse();
        assertThat(takes("/a/x.txt", false, "!x.*", "*.txt")).isTrue();
        assertThat(takes("/a/x.txt", false, "!*.c")).isTrue();
        assertThat(takes("/a", true, "*.txt")).isTrue();
        assertThat(takes("/a", true, "!a")).isFalse();
        assertThat(takes("/a", true, "!a/")).isFalse();
        assertThat(takes("/a", false, "!a/")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[a", "{a,b", "a\\", "[z-a]"})
    void malformedOnesAreRefused(String glob) {
        assertThatThrownBy(() -> takes("/a", false, glob)).hasMessageContaining("glob");
    }
}
