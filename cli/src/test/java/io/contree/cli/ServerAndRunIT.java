package io.contree.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.api.OperationStatus;
import io.contree.api.OperationSummary;
import io.contree.cli.Launched.Ended;
import io.contree.sdk.Contree;
import io.contree.sdk.OperationQuery;
import io.contree.testkit.LeakChecker;
import io.contree.testkit.Requirements;
import io.contree.testkit.RootFs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command against a server that the command started, each as a process of its own. */
@ExtendWith(LeakChecker.class)
class ServerAndRunIT {
    @TempDir
    static Path directory;

    private static Path home;
    private static Launched server;
    private static String url;

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
                "--data",
                directory.resolve("data").toString());
        url = server.awaitLine("listening on http://").substring("listening on ".length());
        Ended imported = Launched.run(home, "images", "import", "rootfs:" + root, "--tag", "box:1");
        assertThat(imported.exitCode()).as(imported.err()).isZero();
        assertThat(imported.out()).matches("[0-9a-f-]{36}  box:1\\R");
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

    @Test
    void findsItsServerByTheProfileThatTheServerSaved() throws Exception {
        assertThat(Files.getPosixFilePermissions(home.resolve("auth.ini")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Launched.run(home, "images").out()).contains("box:1");
    }

    @Test
    void givesOutputAndExitCodeOfTheCommand() throws Exception {
        Ended ended = Launched.run(
                home,
                "run",
                "box:1",
                "-e",
                "NAME=wörld",
                "-C",
                "/tmp",
                "--",
                "sh",
                "-c",
                "echo hello $NAME in $PWD; echo oops >&2; exit 7");

        assertThat(ended.exitCode()).isEqualTo(7);
        assertThat(ended.out()).isEqualTo("hello wörld in /tmp\n");
        assertThat(ended.err()).isEqualTo("oops\n");
    }

    @Test
    void passesStandardInputAndFilesOn() throws Exception {
        Path input = Files.writeString(directory.resolve("input"), "a\nb\n");
        Path script = Files.writeString(directory.resolve("app.sh"), "#!/bin/sh\nwc -l\n");

        try (Launched run =
                Launched.start(home, input, "run", "box:1", "-F", script + ":/x/app.sh:m755", "--", "/x/app.sh")) {
            assertThat(run.end().out().strip()).isEqualTo("2");
        }
    }

    @Test
    void oneUuidNamesOneState() throws Exception {
        String base = image("box:1", "true");
        String changed = image("box:1", "echo CHANGES > file.txt");
        String looked = image(changed, "ls -lR / > /dev/null; touch /tmp/x && rm /tmp/x");
        String undone = image(changed, "rm file.txt");

        assertThat(changed).isNotEqualTo(base);
        assertThat(looked).isEqualTo(changed);
        assertThat(undone).isEqualTo(base);
        assertThat(Launched.run(home, "run", "box:1", "--", "cat", "file.txt").exitCode())
                .isEqualTo(1);
    }

    @Test
    void tellsHowAnImageCameAboutAndWhatIsNotedOnIt() throws Exception {
        String one = image("box:1", "echo 1 > /told");
        String two = image(one, "echo 2 > /told");

        assertThat(Launched.run(home, "log", "--oneline", two).out().lines().map(line -> line.substring(0, 36)))
                .startsWith(two, one)
                .hasSize(3);
        assertThat(Launched.run(home, "log", "--graph", one).out())
                .isEqualTo("* " + one + "\n* " + two + "  echo 2 > /told\n");
        assertThat(Launched.run(home, "run", two + "~1", "--", "cat", "/told").out())
                .isEqualTo("1\n");
        assertThat(Launched.run(home, "label", two, "told=12").out()).isEqualTo(two + "  told=12\n");
        Launched.run(home, "label", one, "told=9.5", "--note", "the first");
        assertThat(Launched.run(home, "images", "--sort=-told")
                        .out()
                        .lines()
                        .skip(1)
                        .map(line -> line.split(" +")[1]))
                .containsExactly(two, one);
        assertThat(Launched.run(home, "show", two + "~").out())
                .contains("Labels:   told=9.5\n", "Note:     the first\n", "Exit:     0\n", "Outcome:  exited\n")
                .contains("\n    echo 1 > /told\n\nMade from it:\n  " + two);
        Ended none = Launched.run(home, "show", two + "~9");
        assertThat(none.exitCode()).isEqualTo(3);
        assertThat(none.err()).contains("2 runs led to " + two);
    }

    @Test
    void saysHowACommandEndedThatDidNotEndByItself() throws Exception {
        assertThat(Launched.run(home, "run", "box:1", "-t", "1", "--", "sleep", "60")
                        .exitCode())
                .isEqualTo(124);
        assertThat(Launched.run(home, "run", "box:1", "-s", "--", "kill -KILL $$")
                        .exitCode())
                .isEqualTo(137);
        Ended missing = Launched.run(home, "run", "box:1", "--", "frobnicate");
        assertThat(missing.exitCode()).isEqualTo(127);
        assertThat(missing.err()).contains("spawn failed", "frobnicate");
        Ended unknown = Launched.run(home, "run", "nope:1", "--", "true");
        assertThat(unknown.exitCode()).isEqualTo(125);
        assertThat(unknown.err()).contains("nope:1").doesNotContain("\tat ");
    }

    @Test
    void anInterruptCancelsTheRun() throws Exception {
        try (Launched run = Launched.start(home, "run", "box:1", "--", "sh", "-c", "echo started; sleep 3600");
                Contree contree = client()) {
            run.awaitLine("started");

            assertThat(run.signal("INT")).isEqualTo(130);

            Optional<OperationSummary> latest =
                    contree.operations().list(OperationQuery.all()).findFirst();
            assertThat(latest).isPresent();
            assertThat(awaitEnd(contree, latest.get())).isEqualTo(OperationStatus.CANCELLED);
        }
    }

    private static OperationStatus awaitEnd(Contree contree, OperationSummary operation) {
        try (var events = contree.operations().events(operation.uuid())) {
            events.forEachRemaining(event -> {});
        }
        return contree.operations().get(operation.uuid()).status();
    }

    private static String image(String from, String command) throws IOException, InterruptedException {
        Ended ended = Launched.run(home, "run", "--json", from, "-s", "--", command);
        assertThat(ended.exitCode()).as(ended.err()).isZero();
        JsonNode record = new JsonMapper().readTree(ended.out());
        return record.path("result_image_uuid").asString();
    }

    private static Contree client() throws IOException {
        Matcher token =
                Pattern.compile("(?m)^token\\s*=\\s*(\\S+)").matcher(Files.readString(home.resolve("auth.ini")));
        assertThat(token.find()).isTrue();
        return Contree.builder().baseUrl(url).token(token.group(1)).build();
    }
}
