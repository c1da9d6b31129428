package io.contree.engine.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetentionTest {
    @Test
    void everyLimitOfEveryKindIsRead() {
        Retention retention = Retention.parse("logs=90s/5, images=100GiB/30d/10000,uploads=1B,operations=12h");
        assertThat(retention.of(Retention.Kind.IMAGES))
                .contains(new Retention.Limits(
                        Optional.of(Duration.ofDays(30)), OptionalLong.of(10_000), OptionalLong.of(100L << 30)));
        assertThat(retention.of(Retention.Kind.UPLOADS))
                .contains(new Retention.Limits(Optional.empty(), OptionalLong.empty(), OptionalLong.of(1)));
        assertThat(retention.of(Retention.Kind.LOGS))
                .contains(new Retention.Limits(
                        Optional.of(Duration.ofSeconds(90)), OptionalLong.of(5), OptionalLong.empty()));
        assertThat(retention).hasToString("images=30d/10000/100GiB,uploads=1B,operations=12h,logs=90s/5");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "none",
                "images=1s",
                "images=90s",
                "images=2m/3/4TiB",
                "images=999999999",
                "operations=25h,logs=1500B",
                "uploads=1025KiB"
            })
    void itsWordsMeanTheSame(String words) {
        assertThat(Retention.parse(words)).hasToString(words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|not a rule",
                "images|not a rule",
                "images=|not an age",
                "images=0d|not an age",
                "images=-1|not an age",
                "images=1d/2d|at most once",
                "images=10/20|at most once",
                "images=30d,images=5|two rules",
                "pictures=5|images, uploads, operations, logs",
                "images=5,|not a rule",
                "images=99999999999999999999|not an age",
                "images=1 d|not an age",
                "none,images=5|not a rule"
            })
    void whatIsWrongIsSaid(String words, String said) {
        assertThatThrownBy(() -> Retention.parse(words))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(said);
    }
}
