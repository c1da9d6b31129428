package io.contree.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.testkit.Requirements;
import io.contree.testkit.Signals;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The launcher as process 1 of a container or a pid namespace, where nobody else reaps orphans. */
class ProcessOneIT {
    private static final Path SCRIPT = Path.of("../scripts/prepare.sh").toAbsolutePath();

    private Process process;

    @BeforeEach
    void requirements() {
        Requirements.root();
    }

    @AfterEach
    void end() throws InterruptedException {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
    }

    /** Becomes, as process 1, a shell that runs a script. */
    private BufferedReader become(String script) throws IOException {
        process = new ProcessBuilder(List.of(
                        "unshare",
                        "--pid",
                        "--fork",
                        "--kill-child=KILL",
                        "--mount-proc",
                        "bash",
                        "-c",
                        "set -euo pipefail; root=/; source \"$1\"; become bash -c \"$2\"",
                        "-",
                        SCRIPT.toString(),
                        script))
                .redirectErrorStream(true)
                .start();
        return process.inputReader();
    }

    @Test
    void whatHasLostItsParentIsReaped() throws Exception {
        BufferedReader said = become("""
                orphan=$(sh -c 'sleep 0 >/dev/null & echo $!')
                for attempt in $(seq 600); do
                    [ -e /proc/$orphan ] || { echo reaped; exit 7; }
                    sleep 0.05
                done""");
        assertThat(said.readLine()).isEqualTo("reaped");
        assertThat(process.waitFor()).isEqualTo(7);
    }

    @Test
    void itsInputIsTheCommands() throws Exception {
        BufferedReader said = become("read line; echo \"got $line\"");
        try (var input = process.outputWriter()) {
            input.write("hello\n");
        }
        assertThat(said.readLine()).isEqualTo("got hello");
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void signalsArePassedOnAndTheExitCodeIsTheCommands() throws Exception {
        BufferedReader said = become("""
                trap 'echo interrupted' INT
                trap 'echo told to end; exit 3' TERM
                echo up
                while true; do sleep 0.05; done""");
        assertThat(said.readLine()).isEqualTo("up");
        long processOne = process.children().findFirst().orElseThrow().pid();
        Signals.send(processOne, "INT");
        assertThat(said.readLine()).isEqualTo("interrupted");
        Signals.send(processOne, "TERM");
        assertThat(said.readLine()).isEqualTo("told to end");
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(3);
    }
}
