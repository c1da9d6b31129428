package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.sdk.process.GuestProcess;
import io.contree.sdk.session.Session;
import io.contree.testkit.LeakChecked;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Processes in sandboxes that one talks to while they run, through {@link Process}. */
@LeakChecked
class SdkProcessIT extends ServerSuite {
    private static String text(InputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void oneTalksToAShellLineByLine() throws Exception {
        Session session = busybox.session();
        Process shell = session.popen("sh");
        try (BufferedWriter in = shell.outputWriter(StandardCharsets.UTF_8);
                BufferedReader out = shell.inputReader(StandardCharsets.UTF_8)) {
            in.write("echo $((6 * 7))\n");
            in.flush();
            assertThat(out.readLine()).isEqualTo("42");
            in.write("n=7; echo ü >&1\n");
            in.flush();
            assertThat(out.readLine()).isEqualTo("ü");
            in.write("echo $n > /answer; exit $n\n");
            in.flush();
            assertThat(shell.waitFor()).isEqualTo(7);
            assertThat(out.readLine()).isNull();
        }
        assertThat(session.readText("/answer")).isEqualTo("7\n");
        assertThat(session.history()).hasSize(2);
        assertThat(session.history().get(1).exitCode()).isEqualTo(7);
    }

    @Test
    void megabytesGoInAndOutWhole() throws Exception {
        byte[] sent = new byte[3 << 20];
        new Random(1).nextBytes(sent);
        Process cat = busybox.popen("cat");
        CompletableFuture<byte[]> back = CompletableFuture.supplyAsync(() -> {
            try {
                return cat.getInputStream().readAllBytes();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        try (OutputStream in = cat.getOutputStream()) {
            in.write(sent);
        }
        assertThat(Arrays.equals(back.get(60, TimeUnit.SECONDS), sent)).isTrue();
        assertThat(cat.waitFor()).isZero();
        assertThat(cat.getErrorStream().read()).isEqualTo(-1);
    }

    @Test
    void aWriteWaitsForAProcessThatDoesNotReadYet() throws Exception {
        byte[] sent = new byte[1 << 20];
        new Random(2).nextBytes(sent);
        Process late = busybox.popen("sh", "-c", "sleep 6; sha256sum");
        try (OutputStream in = late.getOutputStream()) {
            in.write(sent);
        }

        String digest =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(sent));
        assertThat(text(late.getInputStream())).startsWith(digest);
        assertThat(late.waitFor()).isZero();
    }

    @Test
    void outputThatNobodyReadsKeepsNothingFromItsEnd() throws Exception {
        Process noisy = busybox.shell("head -c 4000000 /dev/zero; head -c 4000000 /dev/zero >&2")
                .popen();

        assertThat(noisy.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(noisy.getErrorStream().readAllBytes()).hasSize(4_000_000);
        assertThat(noisy.getInputStream().readAllBytes()).hasSize(4_000_000);
    }

    @Test
    void outputBeyondTheLimitIsNoSilentEnd() throws Exception {
        Process noisy =
                busybox.shell("head -c 100000 /dev/zero").outputLimit(1000).popen();

        assertThat(noisy.waitFor()).isZero();
        assertThat(noisy.getInputStream().readNBytes(1000)).hasSize(1000);
        assertThatThrownBy(() -> noisy.getInputStream().readAllBytes())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("99000 bytes of stdout were dropped");
    }

    @Test
    void destroyLetsItCleanUpAndKeepsWhatItWrote() throws Exception {
        Session session = busybox.session();
        Process process = session.shell("trap 'echo bye > /bye; exit 3' TERM; echo up; while :; do sleep 0.1; done")
                .popen();
        assertThat(process.inputReader().readLine()).isEqualTo("up");
        assertThat(process.isAlive()).isTrue();
        assertThat(process.waitFor(10, TimeUnit.MILLISECONDS)).isFalse();
        assertThatThrownBy(process::exitValue).isInstanceOf(IllegalThreadStateException.class);

        process.destroy();

        assertThat(process.waitFor()).isEqualTo(3);
        assertThat(session.readText("/bye")).isEqualTo("bye\n");
        process.destroy();
        process.destroyForcibly();
    }

    @Test
    void destroyForciblyEndsWhatDoesNotListen() throws Exception {
        Process process = busybox.shell("trap '' TERM; echo up; while :; do sleep 0.1; done")
                .popen();
        assertThat(process.inputReader().readLine()).isEqualTo("up");
        CompletableFuture<Process> exit = process.onExit();

        process.destroyForcibly();

        assertThat(exit.get(60, TimeUnit.SECONDS)).isSameAs(process);
        assertThat(process.exitValue()).isEqualTo(128 + 9);
        assertThatThrownBy(() -> {
                    process.getOutputStream().write(1);
                    process.getOutputStream().flush();
                })
                .isInstanceOf(IOException.class);
    }

    @Test
    void aProgramThatIsNotThereIsAnIoException() {
        assertThatThrownBy(() -> busybox.popen("no-such-program"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no-such-program");
    }

    @Test
    void itsTimeoutEndsItAsKilled() throws Exception {
        GuestProcess process =
                busybox.process("sleep", "60").timeout(Duration.ofSeconds(1)).start();

        assertThat(process.waitFor()).isGreaterThan(128);
        assertThat(process.result().timedOut()).isTrue();
    }

    @Test
    void itIsBuiltAsWithAProcessBuilder() throws Exception {
        var builder = busybox.process("sh", "-c", "pwd; echo $A; echo err >&2; cat");
        builder.environment().put("A", "1 2");
        java.nio.file.Path in = java.nio.file.Files.writeString(home.resolve("stdin"), "from a file");
        java.nio.file.Path out = home.resolve("stdout");

        Process process = builder.directory("/somewhere")
                .redirectErrorStream(true)
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .start();

        assertThat(process.waitFor()).isZero();
        assertThat(out)
                .content()
                .contains("/somewhere\n1 2\n")
                .contains("err\n")
                .endsWith("from a file");
        assertThat(process.info().command()).contains("sh");
        assertThat(process.info().totalCpuDuration()).isPresent();
    }

    @Test
    void theEndOfItsInputEndsIt() throws Exception {
        Process sort = busybox.popen("sort");
        try (BufferedWriter in = sort.outputWriter(StandardCharsets.UTF_8)) {
            in.write("b\na\n");
        }
        assertThat(text(sort.getInputStream())).isEqualTo("a\nb\n");
        assertThat(sort.waitFor()).isZero();
    }
}
