package io.contree.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServerMainTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... arguments) {
        return new ServerMain(Map.of(), new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8))
                .run(List.of(arguments));
    }

    @Test
    void helpListsEveryKeyWithItsDefault() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString(UTF_8)).contains("--listen 127.0.0.1:8642").contains("--max-running 16");
    }

    @Test
    void whatCannotBeUnderstoodIsReportedInOneLine() {
        assertThat(run("--max-runing", "3")).isEqualTo(2);
        assertThat(err.toString(UTF_8))
                .isEqualTo(
                        "contree server: unknown setting max-runing on the command line; did you mean max-running?\n");
        err.reset();
        assertThat(run("start")).isEqualTo(2);
        assertThat(err.toString(UTF_8)).startsWith("contree server: 'start' is not an option");
        err.reset();
        assertThat(run("--listen")).isEqualTo(2);
        assertThat(err.toString(UTF_8)).isEqualTo("contree server: option --listen needs a value\n");
        assertThat(out.size()).isZero();
    }

    @Test
    void flagsInBothForms() {
        assertThat(Flags.parse(List.of("--a", "1", "--b=2=3", "--c=")))
                .containsExactly(Map.entry("a", "1"), Map.entry("b", "2=3"), Map.entry("c", ""));
    }
}
