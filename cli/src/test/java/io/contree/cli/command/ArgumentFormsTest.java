package io.contree.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.cli.terminal.Bytes;
import io.contree.cli.terminal.CommandFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class ArgumentFormsTest {
    private final DurationConverter durations = new DurationConverter();

    @ParameterizedTest
    @CsvSource({"90, PT90S", "90s, PT90S", "10m, PT10M", "2h, PT2H", "1d, PT24H"})
    void readsTimes(String typed, Duration expected) {
        assertThat(durations.convert(typed)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "1.5s", "1w", "soon", "99999999999"})
    void refusesWhatIsNoTime(String typed) {
        assertThatThrownBy(() -> durations.convert(typed)).isInstanceOf(TypeConversionException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "999, 999 B",
        "1000, 1.0 kB",
        "999949, 999.9 kB",
        "999950, 1.0 MB",
        "9223372036854775807, 9.2 EB"
    })
    void writesSizes(long bytes, String expected) {
        assertThat(Bytes.text(bytes)).isEqualTo(expected);
    }

    @Test
    void readsFiles(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("f"), "x");

        assertThat(FileArgument.parse(file + ":/d").destination()).isEqualTo("/d");
        assertThat(FileArgument.parse(file + ":d:m0755:u5:g6").destination()).isEqualTo("d");
        for (String wrong :
                new String[] {file.toString(), ":/d", file + ":", file + ":/d:m999", file + ":/d:x1", "/no:/d"}) {
            assertThatThrownBy(() -> FileArgument.parse(wrong))
                    .as(wrong)
                    .isInstanceOf(CommandFailedException.class)
                    .hasMessageContaining("--file " + wrong);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "busybox, busybox, busybox:latest",
        "docker://docker.io/library/busybox:1, docker://docker.io/library/busybox:1, busybox:1",
        "oci://host/x:1, oci://host/x:1, host/x:1",
        "oci:/a/../b:tag, oci:/b:tag,",
        "docker-archive:/x.tar, docker-archive:/x.tar,",
        "docker-archive:/x/../y.tar:n:1, docker-archive:/y.tar:n:1,",
        "oci-archive:/x.tar:t, oci-archive:/x.tar:t,",
        "upload:rootfs:01234567-89ab-8cde-8f01-23456789abcd, upload:rootfs:01234567-89ab-8cde-8f01-23456789abcd,",
        "host/x@sha256:00, host/x@sha256:00,"
    })
    void readsImageReferences(String typed, String text, String tag) {
        ImageReference reference = ImageReference.parse(typed);

        assertThat(reference.text()).isEqualTo(text);
        assertThat(reference.defaultTag().orElse(null)).isEqualTo(tag);
    }
}
