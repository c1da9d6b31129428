package io.contree.engine.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.contree.engine.request.FrameLimit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An expression for a shell means the same however long it is. */
class ShellCommandTest {
    @Test
    void whatFitsIsOneArgument() {
        String longest = "x".repeat(FrameLimit.LONGEST_STRING);

        assertThat(ShellCommand.of("/bin/sh", longest)).containsExactly("/bin/sh", "-c", longest);
        assertThat(ShellCommand.of("/bin/sh", longest + "x")).hasSize(6);
    }

    @Test
    void whatDoesNotFitIsInPiecesThatEachFit() {
        String text = "a" + "grüß €🌳 ".repeat(50_000);
        List<String> argv = ShellCommand.of("/bin/bash", text);

        assertThat(argv.subList(0, 4))
                .containsExactly("/bin/bash", "-c", "eval \"shift 6;${1}${2}${3}${4}${5}${6}\"", "/bin/bash");
        assertThat(String.join("", argv.subList(4, argv.size()))).isEqualTo(text);
        assertThat(argv.subList(4, argv.size()))
                .allMatch(piece -> piece.getBytes(StandardCharsets.UTF_8).length <= FrameLimit.LONGEST_STRING);
    }

    @Test
    void aShellThatKnowsNoEvalOfThisKindGetsItWhole() {
        String text = "x".repeat(200_000);

        assertThat(ShellCommand.of("/usr/bin/fish", text)).containsExactly("/usr/bin/fish", "-c", text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/bin/sh", "/bin/bash", "/bin/dash", "/bin/zsh", "/bin/ksh"})
    void theWholeMeansWhatAShortOneDoes(String shell) throws Exception {
        assumeTrue(Files.isExecutable(Path.of(shell)), shell + " is not on this machine");
        String script = """
                # first a comment that is as long as it takes: PADDING
                echo "$0 $# [$*]"; set -- a b; echo "$# $2"
                read line; echo "read $line"
                cat <<'END'
                $not 'expanded' "here"
                END
                say() { echo "said $1"; return 3; }
                say 'grüß €🌳'; echo "and $?"
                trap 'echo trapped' EXIT
                (exit 5) || echo "five: $?"
                exit 7""";
        Result brief = run(shell, script);
        Result lengthy = run(shell, script.replace("PADDING", "€'\"$x`\\".repeat(40_000)));

        assertThat(brief.output()).contains("0 []", "read input", "said grüß €🌳", "and 3", "five: 5", "trapped");
        assertThat(lengthy).isEqualTo(brief);
        assertThat(brief.code()).isEqualTo(7);
    }

    private record Result(int code, String output) {}

    private static Result run(String shell, String script) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(ShellCommand.of(shell, script))
                .redirectErrorStream(true)
                .start();
        try (var stdin = process.getOutputStream()) {
            stdin.write("input\n".getBytes(StandardCharsets.UTF_8));
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output);
    }
}
