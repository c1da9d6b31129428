package io.contree.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.contree.server.http.ApiClient;
import io.contree.testkit.LeakChecker;
import io.contree.testkit.Requirements;
import io.contree.testkit.RootFs;
import io.contree.testkit.SeededRandom;
import io.contree.testkit.Signals;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The server program from outside: its one line, its profile, its signals, and what a kill leaves. */
@ExtendWith(LeakChecker.class)
class ServerProgramIT {
    @TempDir
    private Path directory;

    private Process process;
    private String line;

    @BeforeEach
    void requirements() throws IOException {
        Requirements.root();
        Requirements.crun();
    }

    @AfterEach
    void end() throws InterruptedException {
        if (process != null) {
            // A server that is killed leaves its networks to the next one on its data.
            process.destroy();
            process.waitFor(20, TimeUnit.SECONDS);
            process.destroyForcibly();
        }
    }

    private ProcessBuilder builder(String... more) {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ServerProgram.class.getName(),
                "--listen=127.0.0.1:0",
                "--data",
                directory.resolve("data").toString(),
                "--local-import-roots",
                directory.toString(),
                "--log-format",
                "json");
        builder.command().addAll(List.of(more));
        builder.environment().put("CONTREE_HOME", directory.resolve("home").toString());
        builder.redirectError(directory.resolve("log").toFile());
        return builder;
    }

    private ApiClient start(String... more) throws IOException {
        process = builder(more).start();
        BufferedReader out = process.inputReader(UTF_8);
        line = out.readLine();
        assertThat(line).as(() -> log()).matches("listening on http://127\\.0\\.0\\.1:\\d+");
        return new ApiClient(URI.create(line.substring("listening on ".length())), token());
    }

    private String log() {
        try {
            return Files.readString(directory.resolve("log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private String token() throws IOException {
        return Files.readAllLines(directory.resolve("home/auth.ini")).stream()
                .filter(entry -> entry.startsWith("token = "))
                .findFirst()
                .orElseThrow()
                .substring("token = ".length());
    }

    private String importBusybox(ApiClient client) throws Exception {
        Path root = RootFs.busybox(directory.resolve("rootfs"));
        String operation = client.post("/images/import", "{'registry':{'url':'rootfs:" + root + "'},'tag':'b:1'}")
                .json()
                .get("uuid")
                .stringValue();
        client.stream("/operations/" + operation + "/events?follow=1").body().readAllBytes();
        return client.get("/operations/" + operation)
                .json()
                .get("result")
                .get("image")
                .stringValue();
    }

    private String spawn(ApiClient client, String image, String seconds) {
        return client.post("/instances", "{'image':'" + image + "','command':'sleep','args':['" + seconds + "']}")
                .json()
                .get("uuid")
                .stringValue();
    }

    private void signal(String name) throws Exception {
        Signals.send(process.pid(), name);
    }

    @Test
    void sigtermLetsARunFinishAndTheProfileStays() throws Exception {
        String operation;
        try (ApiClient client = start()) {
            operation = spawn(client, importBusybox(client), "2");
            signal("TERM");
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(process.exitValue()).isZero();
        String profile = Files.readString(directory.resolve("home/auth.ini"));
        assertThat(log()).doesNotContain(token()).contains("first start");
        assertThat(log().lines()).as("every line is JSON").allMatch(each -> each.startsWith("{") && each.endsWith("}"));
        try (ApiClient client = start()) {
            assertThat(client.get("/operations/" + operation)
                            .json()
                            .get("status")
                            .stringValue())
                    .isEqualTo("SUCCESS");
        }
        assertThat(directory.resolve("home/auth.ini")).hasContent(profile);
        assertThat(directory.resolve("home")).isDirectoryNotContaining("glob:**/auth-*");
    }

    @Test
    void aSecondSignalEndsRunsAtOnce() throws Exception {
        try (ApiClient client = start()) {
            String operation = spawn(client, importBusybox(client), "3600");
            signal("TERM");
            assertThat(process.waitFor(1500, TimeUnit.MILLISECONDS)).isFalse();
            var refused = client.post("/instances", "{'image':'tag:b:1','command':'true'}");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("Retry-After")).isPresent();
            assertThat(client.get("/operations/" + operation + "?inflight=1").status())
                    .isEqualTo(200);
            signal("TERM");
            assertThat(process.waitFor(StopSignals.HURRIED.toSeconds() + 10, TimeUnit.SECONDS))
                    .isTrue();
            assertThat(process.exitValue()).isIn(0, StopSignals.KILLED);
        }
    }

    /** As often as the property {@code contree.stops} says; the next server starts where the last one was cut off. */
    @Test
    void wheneverASignalComesTheProgramEnds() throws Exception {
        int stops = Integer.getInteger("contree.stops", 20);
        SeededRandom random = new SeededRandom(Long.getLong("contree.seed", 7));
        long begin = System.nanoTime();
        start().close();
        long start = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begin);
        signal("TERM");
        assertEnds("a first start");
        for (int i = 0; i < stops; i++) {
            boolean ready = random.chance(60);
            int micros = random.between(0, ready ? 30_000 : (int) start);
            String when = "seed " + random.seed() + ", stop " + i + ": " + micros + " µs after "
                    + (ready ? "it was ready" : "its begin");
            if (ready) {
                start().close();
            } else {
                process = builder().start();
            }
            TimeUnit.MICROSECONDS.sleep(micros);
            signal("TERM");
            if (random.chance(30)) {
                signal("TERM");
            }
            assertEnds(when);
        }
    }

    private void assertEnds(String when) throws InterruptedException {
        assertThat(process.waitFor(2, TimeUnit.MINUTES))
                .as(() -> when + "\n" + log())
                .isTrue();
        // 143: the signal came before the program handled signals; 1: a second one while it started
        assertThat(process.exitValue()).as(() -> when + "\n" + log()).isIn(0, 1, 143);
    }

    @Test
    void aCancelThatWasAnsweredHoldsAlsoAfterAKill() throws Exception {
        String running;
        String queued;
        try (ApiClient client = start("--max-running=1")) {
            String image = importBusybox(client);
            running = spawn(client, image, "3600");
            client.stream("/operations/" + running + "/events?follow=1").body().read();
            queued = spawn(client, image, "3600");
            var second = client.send("DELETE", "/operations/" + queued, BodyPublishers.noBody());
            var first = client.send("DELETE", "/operations/" + running, BodyPublishers.noBody());
            process.destroyForcibly().waitFor();
            assertThat(first.status()).isEqualTo(202);
            assertThat(second.status()).isEqualTo(202);
        }
        try (ApiClient client = start()) {
            for (String operation : List.of(running, queued)) {
                var record = client.get("/operations/" + operation).json();
                assertThat(record.get("status").stringValue()).isEqualTo("CANCELLED");
                assertThat(record.get("error").isNull()).isTrue();
            }
            signal("TERM");
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void secretsOfARequestAreNowhereAfterwards() throws Exception {
        try (ApiClient client = start()) {
            var accepted = client.post(
                    "/instances",
                    "{'image':'" + importBusybox(client) + "','command':'sh','args':['-c','true'],"
                            + "'env':{'API_TOKEN':'s3cr3t-a','HTTPS_PROXY':'http://me:s3cr3t-b@proxy.example'},"
                            + "'disposable':true}");
            String operation = accepted.json().get("uuid").stringValue();
            String events = new String(
                    client.stream("/operations/" + operation + "/events?follow=1")
                            .body()
                            .readAllBytes(),
                    UTF_8);
            var login = client.post(
                    "/images/import",
                    "{'registry':{'url':'docker://127.0.0.1:1/a','credentials':{'username':'me','password':'s3cr3t-d'}}}");
            String load = login.json().get("uuid").stringValue();
            client.stream("/operations/" + load + "/events?follow=1").body().readAllBytes();
            client.get("/whoami?token=s3cr3t-e");
            client.get("/nothing?token=s3cr3t-e");
            for (String shown : List.of(
                    accepted.text(),
                    events,
                    client.get("/operations").text(),
                    client.get("/operations/" + operation).text(),
                    client.get("/operations/" + load).text())) {
                assertThat(shown).doesNotContain("s3cr3t");
            }
            assertThat(client.get("/operations/" + operation).text())
                    .contains("API_TOKEN", "HTTPS_PROXY", "http://<MASKED>@proxy.example");
            signal("TERM");
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(log()).doesNotContain("s3cr3t");
        try (Stream<Path> files = Files.walk(directory.resolve("data"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file, ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain("s3cr3t");
            }
        }
    }

    @Test
    void afterAKillEverythingThatWasAcknowledgedIsThere() throws Exception {
        String image;
        String operation;
        try (ApiClient client = start()) {
            image = importBusybox(client);
            operation = spawn(client, image, "3600");
            process.destroyForcibly().waitFor();
        }
        try (ApiClient client = start()) {
            assertThat(client.get("/inspect/?tag=b:1").header("Location")).contains(image + "/");
            assertThat(client.get("/inspect/" + image + "/download?path=/etc/group")
                            .text())
                    .startsWith("root:x:0:");
            var interrupted = client.get("/operations/" + operation).json();
            assertThat(interrupted.get("status").stringValue()).isEqualTo("FAILED");
            assertThat(interrupted.get("error").stringValue()).contains("server");
            signal("TERM");
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
    }
}
