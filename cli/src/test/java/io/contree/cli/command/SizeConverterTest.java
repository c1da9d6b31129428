package io.contree.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class SizeConverterTest {
    @ParameterizedTest
    @CsvSource({
        "100G,107374182400",
        "100GiB,107374182400",
        "100GB,100000000000",
        "1t,1099511627776",
        "512M,536870912",
        "4096,4096",
        "999999T,1099510528264372224"
    })
    void takesSizesAsTruncateDoes(String text, long bytes) {
        assertThat(new SizeConverter().convert(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "G", "-1G", "1.5G", "100 G", "1E", "99999999999T", "100X"})
    void refusesTheRest(String text) {
        assertThatThrownBy(() -> new SizeConverter().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("100G is one");
    }
}
