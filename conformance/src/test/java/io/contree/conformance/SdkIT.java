package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.api.OperationEvent;
import io.contree.api.OperationKind;
import io.contree.api.OperationStatus;
import io.contree.sdk.DirectoryEntry;
import io.contree.sdk.EventStream;
import io.contree.sdk.Execution;
import io.contree.sdk.FileContent;
import io.contree.sdk.Grep;
import io.contree.sdk.Image;
import io.contree.sdk.ImageQuery;
import io.contree.sdk.NotFoundException;
import io.contree.sdk.OperationFailedException;
import io.contree.sdk.OperationQuery;
import io.contree.sdk.Outcome;
import io.contree.sdk.Run;
import io.contree.sdk.RunResult;
import io.contree.sdk.Subprocess;
import io.contree.sdk.Subprocesses;
import io.contree.sdk.WaitTimeoutException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the Java client promises, with the real server; {@link SdkAsyncIT} has its twin. */
class SdkIT extends ServerSuite {
    private Image image;

    @BeforeAll
    void takeImage() {
        image = contree.images().use("box:1");
    }

    @Test
    void theFirstExampleOfTheReadme() {
        RunResult result = image.shell("echo \"Hello from Contree!\"").execute();

        assertThat(result.stdout()).isEqualTo("Hello from Contree!\n");
        assertThat(result.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(result.image().uuid()).isEqualTo(image.uuid());
        assertThat(result.elapsed()).isPositive();
        assertThat(result.cost()).isZero();
    }

    @Test
    void aRunWithEverything() throws IOException {
        Path script = Files.writeString(
                home.resolve("app.sh"), "#!/bin/sh\necho $1-$2-$http_proxy-$(cat)-$(pwd); id -u >&2\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));

        RunResult result = image.command("/app.sh", "arg1", "arg2")
                .stdin("input")
                .env("http_proxy", "http://10.20.30.40:1234")
                .cwd("/made/here")
                .user(7, 8)
                .hostname("h")
                .file("/app.sh", script)
                .file("data.csv", FileContent.of("1,2\n").owner(3, 4).mode(0640))
                .file("/stream", FileContent.of(new ByteArrayInputStream(new byte[100_000])))
                .networking(false)
                .timeout(Duration.ofSeconds(20))
                .tag("app:1")
                .execute();

        assertThat(result.stdout()).isEqualTo("arg1-arg2-http://10.20.30.40:1234-input-/made/here\n");
        assertThat(result.stderr()).isEqualTo("7\n");
        assertThat(contree.images().find("app:1").uuid())
                .isEqualTo(result.image().uuid());
        DirectoryEntry csv = result.image().ls("/").stream()
                .filter(entry -> entry.path().equals("data.csv"))
                .findFirst()
                .orElseThrow();
        assertThat(csv.permissions()).isEqualTo(0640);
        assertThat(csv.uid()).isEqualTo(3);
        assertThat(result.image().read("/stream")).hasSize(100_000);
        assertThat(result.shell("cat /data.csv | grep 1").execute().stdout()).isEqualTo("1,2\n");
        result.image().untag("app:1");
        assertThatThrownBy(() -> contree.images().find("app:1")).isInstanceOf(NotFoundException.class);
    }

    @Test
    void endsOfEveryKind() {
        assertThat(image.shell("exit 3").execute().exitCode()).isEqualTo(3);
        assertThat(image.shell("kill -9 $$").execute().signal()).hasValue(9);
        RunResult late = image.shell("echo before; sleep 60")
                .timeout(Duration.ofSeconds(1))
                .execute();
        assertThat(late.outcome()).isEqualTo(Outcome.TIMED_OUT);
        assertThat(late.stdout()).isEqualTo("before\n");
        assertThatThrownBy(() -> image.command("no-such-program").execute())
                .isInstanceOf(OperationFailedException.class);
        RunResult much = image.shell("yes | head -c 1000; yes | head -c 5 >&2")
                .outputLimit(10)
                .execute();
        assertThat(much.stdoutTruncated()).isTrue();
        assertThat(much.stderrTruncated()).isFalse();
        assertThat(image.command("true").disposable().execute().imageUuid()).isEmpty();
    }

    @Test
    void aPreparedRunIsExecutedManyTimes() {
        Run run = image.shell("cat /proc/sys/kernel/random/uuid > /tmp/random.txt");

        assertThat(List.of(run.execute().image().uuid(), run.execute().image().uuid()))
                .doesNotHaveDuplicates();
    }

    @Test
    void outputAsItComesAsEventsAndAsStreams() throws IOException {
        Execution execution = image.shell("echo one; echo err >&2; sleep 300").start();
        try (InputStream out = execution.stdout();
                InputStream err = execution.stderr()) {
            assertThat(new String(out.readNBytes(4), StandardCharsets.UTF_8)).isEqualTo("one\n");
            assertThat(new String(err.readNBytes(4), StandardCharsets.UTF_8)).isEqualTo("err\n");
            assertThat(contree.operations().peek(execution.operation()).status().isFinal())
                    .isFalse();
            execution.cancel();
            assertThat(out.readAllBytes()).isEmpty();
        }
        List<String> types = new ArrayList<>();
        try (EventStream events = execution.events()) {
            events.forEachRemaining(event -> types.add(event.type()));
        }
        assertThat(types).contains("stdout", "stderr").endsWith("completion");
    }

    @Test
    void furtherProcessesOfARun() throws IOException {
        Execution run = image.command("cat").openStdin().start();
        try {
            Subprocesses subprocesses = run.subprocesses();

            Subprocess echo = subprocesses
                    .shell("read line; echo \"$WHO got $line\"; echo from-child > /child; exit 3")
                    .env("WHO", "child")
                    .openStdin()
                    .start();
            try (OutputStream in = echo.stdin()) {
                in.write("some words\n".getBytes(StandardCharsets.UTF_8));
            }
            assertThat(echo.await().exitCode()).isEqualTo(3);
            assertThat(echo.result().stdout()).isEqualTo("child got some words\n");
            Subprocess sleep = subprocesses.command("sleep", "300").start();
            assertThat(sleep.result().isAlive()).isTrue();
            sleep.signal("TERM");
            assertThat(sleep.await().signal()).hasValue(15);

            try (OutputStream in = run.stdin()) {
                in.write("for the main process".getBytes(StandardCharsets.UTF_8));
            }
            RunResult result = run.await();
            assertThat(result.stdout()).isEqualTo("for the main process");
            assertThat(result.image().readText("/child")).isEqualTo("from-child\n");
        } finally {
            run.cancel();
        }
    }

    @Test
    void looksIntoAnImage() throws IOException {
        Image tree = image.applyFiles(Map.of(
                        "/tree/a.txt", FileContent.of("needle\nhay\n"),
                        "/tree/deep/b.txt", FileContent.of("NEEDLE\n")))
                .shell("ln -s a.txt /tree/link; ln /tree/a.txt /tree/hard; mkfifo /tree/fifo")
                .execute()
                .image();

        assertThat(tree.grep("needle").matches()).hasSize(2);
        assertThat(tree.grep(Grep.of("needle").ignoreCase().glob("b.*").path("/tree"))
                        .matches())
                .singleElement()
                .satisfies(line -> assertThat(line.path()).isEqualTo("/tree/deep/b.txt"));
        assertThat(tree.exists("/tree/fifo")).isTrue();
        assertThat(tree.exists("/tree")).isTrue();
        assertThat(tree.exists("/nowhere")).isFalse();
        Path copy = tree.downloadTree("/tree", home.resolve("copy"));
        assertThat(copy.resolve("deep/b.txt")).hasContent("NEEDLE");
        assertThat(Files.readSymbolicLink(copy.resolve("link"))).hasToString("a.txt");
        assertThat(Files.isSameFile(copy.resolve("hard"), copy.resolve("a.txt")))
                .isTrue();
        assertThat(copy.resolve("fifo")).doesNotExist();
        assertThat(tree.download("/tree/a.txt", home)).hasContent("needle\nhay");
        assertThat(tree.changesSince(image, 100).listed()).isNotEmpty();
    }

    @Test
    void listsWithFilters() {
        Instant before = Instant.now();
        RunResult result = image.shell("date +%N > /listed").tag("listed:1").execute();

        assertThat(contree.images().list(ImageQuery.all().tagPrefix("listed:")))
                .singleElement()
                .satisfies(found ->
                        assertThat(found.uuid()).isEqualTo(result.image().uuid()));
        assertThat(contree.images().list(ImageQuery.all().since(before.plusSeconds(60))))
                .isEmpty();
        assertThat(contree.images().list(ImageQuery.all().kind(OperationKind.IMAGE_IMPORT)))
                .extracting(Image::toString)
                .containsExactly("box:1");
        assertThat(contree.operations()
                        .list(OperationQuery.all()
                                .status(OperationStatus.SUCCESS)
                                .limit(1)))
                .hasSize(1);
        assertThat(contree.files().upload(FileContent.of("low level")).size()).isEqualTo(9);
        assertThat(contree.files().list()).isNotEmpty();
    }

    @Test
    void aWaitThatIsOverEndsTheRun() {
        Execution execution = image.command("sleep", "60").start();

        assertThatThrownBy(() -> execution.await(Duration.ofMillis(200))).isInstanceOf(WaitTimeoutException.class);

        try (EventStream events = execution.events()) {
            OperationEvent last = null;
            while (events.hasNext()) {
                last = events.next();
            }
            assertThat(last).isNotNull();
            assertThat(last.data()).containsEntry("status", "CANCELLED");
        }
    }
}
