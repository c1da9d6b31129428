package io.contree.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.contree.server.http.ApiClient;
import io.contree.testkit.LeakChecker;
import io.contree.testkit.Requirements;
import io.contree.testkit.RootFs;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
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

    private ApiClient start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                ServerProgram.class.getName(),
                "--listen=127.0.0.1:0",
                "--data",
                directory.resolve("data").toString(),
                "--log-format",
                "json");
        builder.environment().put("CONTREE_HOME", directory.resolve("home").toString());
        builder.redirectError(directory.resolve("log").toFile());
        process = builder.start();
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
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
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
            spawn(client, importBusybox(client), "3600");
            signal("TERM");
            assertThat(process.waitFor(1500, TimeUnit.MILLISECONDS)).isFalse();
            signal("TERM");
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
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
