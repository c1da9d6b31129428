package io.contree.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TagNameTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "busybox:latest", "ubuntu:24.04", "127.0.0.1:5000/library/x_y-z:1", "a_-b"})
    void taken(String name) {
        assertThat(TagName.require(name)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "_a", "-a", ":a", "a:", "a::b", "a/", "a b", "ä", "a@b", "a\n"})
    void refused(String name) {
        assertThatThrownBy(() -> TagName.require(name))
                .isInstanceOf(ContreeException.class)
                .hasMessageContaining("is not a tag; allowed is");
    }

    @Test
    void lengthEndsAt256() {
        assertThat(TagName.isValid("a".repeat(256))).isTrue();
        assertThat(TagName.isValid("a".repeat(257))).isFalse();
        assertThat(TagName.isValid("a:".repeat(100_000))).isFalse();
    }
}
