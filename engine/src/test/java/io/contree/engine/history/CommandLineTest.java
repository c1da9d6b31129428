package io.contree.engine.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.engine.Samples;
import org.junit.jupiter.api.Test;

class CommandLineTest {
    @Test
    void argumentsAreQuotedWhereAShellNeedsIt() {
        assertThat(CommandLine.of(Samples.process("make", "-j2", "CC=gcc", "it's", "", "a b")))
                .isEqualTo("make -j2 CC=gcc 'it'\\''s' '' 'a b'");
    }

    @Test
    void aLongOneIsCutBetweenCharacters() {
        String smile = "\uD83D\uDE00";
        assertThat(CommandLine.of(Samples.process("x", smile.repeat(2000))))
                .hasSize(999)
                .endsWith(smile);
        assertThat(CommandLine.of(Samples.process("xy", smile.repeat(2000))))
                .hasSize(1000)
                .endsWith(smile);
    }
}
