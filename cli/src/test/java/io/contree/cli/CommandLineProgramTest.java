package io.contree.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.cli.command.ErrorReporter;
import io.contree.cli.terminal.ExitCode;
import io.contree.cli.terminal.Terminal;
import io.contree.testkit.ScriptedServer;
import io.contree.testkit.ScriptedServer.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CommandLineProgramTest {
    private final Cli cli = new Cli();

    @Test
    void everyCommandDescribesItselfAndItsOptions() {
        for (CommandLine command : visible(new CommandLineProgram(cli.terminal()).commandLine())) {
            var spec = command.getCommandSpec();
            assertThat(spec.usageMessage().description())
                    .as(spec.qualifiedName())
                    .isNotEmpty();
            assertThat(spec.options())
                    .allSatisfy(option -> assertThat(option.description())
                            .as(spec.qualifiedName() + " " + option.longestName())
                            .isNotEmpty());
            // The server lists its settings itself.
            assertThat(spec.optionsMap().containsKey("--help") || spec.name().equals("server"))
                    .as(spec.qualifiedName())
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "frobnicate", "images --frob", "images import", "images --url nonsense"})
    void aWrongCommandLineIsUsage(String line) {
        assertThat(cli.run(line.isEmpty() ? new String[0] : line.split(" "))).isEqualTo(ExitCode.USAGE);
        assertThat(cli.err()).startsWith("contree: ").doesNotContain("\tat ");
        assertThat(cli.out()).isEmpty();
    }

    @Test
    void aVerbIsFoundWithoutLearningTheOthersAndATypoWithThem() {
        CommandLineProgram program = new CommandLineProgram(cli.terminal());
        assertThat(program.commandLine("images", "--json").getSubcommands()).containsOnlyKeys("images");
        assertThat(program.commandLine("imags").getSubcommands()).containsKeys("images", "run", "server");
        assertThat(program.commandLine("--help").getSubcommands()).containsKeys("images", "run", "server");
        assertThat(cli.run("imags")).isEqualTo(ExitCode.USAGE);
        assertThat(cli.err()).contains("images");
    }

    @Test
    void versionIsTextOrJson() {
        assertThat(cli.run("version")).isZero();
        assertThat(cli.out()).matches("contree \\S+ \\(Java 25.*\\)\\R");
        assertThat(new Cli().run("version", "--json")).isZero();
    }

    @Test
    void theServerKnowsItsSettings() {
        assertThat(cli.run("server", "--help")).isZero();
        assertThat(cli.out()).contains("--listen 127.0.0.1:8642", "--max-running");
        assertThat(cli.run("server", "--lisen=1")).isEqualTo(ExitCode.USAGE);
        assertThat(cli.err()).contains("lisen", "did you mean listen?");
    }

    @Test
    void warmsUpWithoutAServer() {
        assertThat(cli.run("warm-up")).isZero();
        assertThat(cli.out()).contains("warm:up");
    }

    @ParameterizedTest
    @CsvSource({"400, 2", "401, 4", "403, 4", "404, 3", "409, 1", "599, 5"})
    void failuresHaveExitCodes(int status, int code) throws IOException {
        try (ScriptedServer server = ScriptedServer.start()) {
            server.on("GET /v1/images", Answer.status(status, "{\"error\": \"the reason\", \"status\": 0}"));

            assertThat(cli.runAt(server.uri(), "images")).isEqualTo(code);
        }
        assertThat(cli.err()).isEqualTo("contree: could not list images: the reason" + System.lineSeparator());
    }

    @Test
    void aServerThatIsNotThereIsUnavailable() {
        assertThat(cli.runAt("http://127.0.0.1:1", "images")).isEqualTo(ExitCode.UNAVAILABLE);
        assertThat(cli.err()).contains("no server answers at http://127.0.0.1:1", "contree server");
    }

    @Test
    void aMistakeOfOursIsReportedWithoutATrace() {
        assertThat(ErrorReporter.report(cli.terminal(), new IllegalStateException("oops")))
                .isEqualTo(ExitCode.FAILED);
        assertThat(cli.err())
                .contains("please report it", "oops", "CONTREE_DEBUG")
                .doesNotContain("\tat ");
    }

    private static List<CommandLine> visible(CommandLine root) {
        return root.getSubcommands().values().stream()
                .filter(command -> !command.getCommandSpec().usageMessage().hidden())
                .flatMap(command ->
                        java.util.stream.Stream.concat(java.util.stream.Stream.of(command), visible(command).stream()))
                .toList();
    }

    @Test
    void outputThatCannotBeWrittenIsAFailure() {
        var full = new PrintStream(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }
        });
        var err = new ByteArrayOutputStream();
        var terminal = new Terminal(
                InputStream.nullInputStream(), full, new PrintStream(err, true), false, false, Terminal.StdinKind.NONE);
        assertThat(new CommandLineProgram(terminal).run("version")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("could not write all of the output");
    }
}
