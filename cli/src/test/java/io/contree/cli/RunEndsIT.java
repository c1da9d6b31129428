package io.contree.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.cli.Launched.Ended;
import io.contree.testkit.LeakChecker;
import io.contree.testkit.Requirements;
import io.contree.testkit.RootFs;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Both ends of {@code contree run}: standard input of any length, and what it says of the limits that a run met. */
@ExtendWith(LeakChecker.class)
class RunEndsIT {
    private static final String HOG = "tail /dev/zero";

    @TempDir
    static Path directory;

    private static Path home;
    private static Launched server;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        Requirements.crun();
        home = Files.createDirectory(directory.resolve("home"));
        Path root = RootFs.busybox(Files.createDirectory(directory.resolve("rootfs")));
        server = Launched.start(
                home,
                "server",
                "--listen",
                "127.0.0.1:0",
                "--memory",
                "64MiB",
                "--pids",
                "40",
                "--data",
                directory.resolve("data").toString());
        server.awaitLine("listening on http://");
        Ended imported = Launched.run(home, "images", "import", "rootfs:" + root, "--tag", "box:1");
        assertThat(imported.exitCode()).as(imported.err()).isZero();
    }

    @AfterAll
    static void stop() throws IOException, InterruptedException {
        if (server == null) {
            return;
        }
        try (Launched running = server) {
            assertThat(running.signal("TERM")).as(running.err()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {20_000_000, 200_000_000})
    void aLongFileArrivesWhole(int length) throws Exception {
        Path input = directory.resolve("input");
        String digest = write(length, Files.newOutputStream(input));

        try (Launched run = Launched.start(home, input, "run", "box:1", "--", "sha256sum")) {
            Ended ended = run.end();
            assertThat(ended.err()).isEmpty();
            assertThat(ended.out()).startsWith(digest);
            assertThat(ended.exitCode()).isZero();
        }
    }

    @Test
    void aLongPipeArrivesWhole() throws Exception {
        try (Launched run = Launched.piped(home, "run", "box:1", "--", "sha256sum")) {
            String digest = write(50_000_000, run.stdin());
            Ended ended = run.end();
            assertThat(ended.err()).isEmpty();
            assertThat(ended.out()).startsWith(digest);
        }
    }

    @Test
    void aPipeIsPassedOnAsItComes() throws Exception {
        try (Launched run = Launched.piped(home, "run", "box:1", "-s", "--", "while read l; do echo got $l; done")) {
            OutputStream stdin = run.stdin();
            stdin.write("one\n".getBytes(StandardCharsets.UTF_8));
            stdin.flush();
            run.awaitLine("got one");
            stdin.write("two\n".getBytes(StandardCharsets.UTF_8));
            stdin.close();
            Ended ended = run.end();
            assertThat(ended.exitCode()).as(ended.err()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"read l; echo x$l", "exec <&-; sleep 1; echo x", "echo x"})
    void aCommandThatDoesNotReadItsInputEndsTheRun(String command) throws Exception {
        try (Launched run = Launched.start(home, Path.of("/dev/zero"), "run", "box:1", "-s", "--", "true")) {
            assertThat(run.end().exitCode()).isZero(); // a device is not passed on
        }
        try (Launched run = Launched.piped(home, "run", "box:1", "-s", "--", command)) {
            // More than every buffer on the way holds; the pipe breaks when the command line has ended.
            Thread writer = Thread.ofPlatform().start(() -> writeEndlessly(run.stdin()));
            Ended ended = run.end();
            assertThat(ended.exitCode()).as(ended.err()).isZero();
            assertThat(ended.err()).isEmpty();
            assertThat(ended.out()).startsWith("x");
            writer.join();
        }
    }

    private static void writeEndlessly(OutputStream to) {
        byte[] lines = "\n".repeat(1 << 16).getBytes(StandardCharsets.UTF_8);
        try {
            while (true) {
                to.write(lines);
            }
        } catch (IOException e) {
            // nobody reads any more
        }
    }

    @Test
    void saysWhichLimitsWereMetAndExitsAsTheCommand() throws Exception {
        Ended child = run(HOG + "; exit 7");
        assertThat(child.exitCode()).isEqualTo(7);
        assertThat(child.err())
                .contains("contree: out of memory: the kernel killed a process at the run's memory limit of 64 MiB");

        Ended main = run("exec " + HOG);
        assertThat(main.exitCode()).isEqualTo(137);
        assertThat(main.err()).contains("contree: out of memory");

        Ended forks = run("for i in $(seq 60); do sleep 100 & done");
        assertThat(forks.err()).contains("contree: out of processes").contains("limit of 40 processes and threads");

        Ended late = Launched.run(home, "run", "box:1", "-t", "1", "--", "sleep", "60");
        assertThat(late.exitCode()).isEqualTo(124);
        assertThat(late.err()).contains("contree: out of time", "timeout of 1 s");

        Ended cut = Launched.run(home, "run", "--output-limit", "100", "box:1", "-s", "--", "seq 1000");
        assertThat(cut.exitCode()).isZero();
        assertThat(cut.err()).contains("of stdout over the output limit were dropped");

        Ended quiet = run("echo fine");
        assertThat(quiet.err()).isEmpty();
    }

    @Test
    void theRecordAsJsonHasThemToo() throws Exception {
        Ended ended = Launched.run(home, "run", "--json", "box:1", "-s", "--", HOG + "; exit 7");

        JsonNode record = new JsonMapper().readTree(ended.out());
        assertThat(record.at("/outcome/reason").asString()).isEqualTo("exited");
        assertThat(record.at("/outcome/limits/0/limit").asString()).isEqualTo("memory");
        assertThat(ended.err()).isEmpty();
        assertThat(ended.exitCode()).isEqualTo(7);
    }

    private static Ended run(String expression) throws IOException, InterruptedException {
        return Launched.run(home, "run", "box:1", "-s", "--", expression);
    }

    /** Writes this many bytes, no two pieces alike, and returns their digest. */
    private static String write(int length, OutputStream to) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (OutputStream out = new DigestOutputStream(to, digest)) {
            byte[] piece = new byte[1000];
            for (int at = 0; at < length; at += piece.length) {
                for (int i = 0; i < piece.length; i++) {
                    piece[i] = (byte) (i * 31 + (at >>> (i % 24)));
                }
                out.write(piece);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
