package io.contree.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.api.ContreeException;
import io.contree.server.config.ServerConfig;
import io.contree.server.http.ApiClient;
import io.contree.testkit.LeakChecker;
import io.contree.testkit.OpenApi;
import io.contree.testkit.Requirements;
import io.contree.testkit.RootFs;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The whole server with real sandboxes, through its API alone. */
@ExtendWith(LeakChecker.class)
class ServerIT {
    @TempDir
    private static Path directory;

    private static ContreeServer server;
    private static ApiClient client;
    private static String image;

    @BeforeAll
    static void start() throws Exception {
        Requirements.root();
        Requirements.crun();
        Path root = RootFs.busybox(directory.resolve("rootfs"));
        server = ContreeServer.start(ServerConfig.load(
                Map.of(
                        "listen",
                        "127.0.0.1:0",
                        "save-profile",
                        "off",
                        "data",
                        directory.resolve("data").toString(),
                        "local-import-roots",
                        root.toString()),
                Map.of()));
        client = new ApiClient(server.uri(), server.createToken());
        String operation = client.post("/images/import", "{'registry':{'url':'rootfs:" + root + "'},'tag':'busybox:1'}")
                .json()
                .get("uuid")
                .stringValue();
        image = awaitEnd(operation).get("result").get("image").stringValue();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            client.close();
            server.close();
        }
    }

    private static JsonNode awaitEnd(String operation) throws Exception {
        try (var events =
                client.stream("/operations/" + operation + "/events?follow=1").body()) {
            new String(events.readAllBytes(), UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("data: "))
                    .forEach(line -> OpenApi.get().checkEvent(line.substring(6).getBytes(UTF_8)));
        }
        return client.get("/operations/" + operation).json();
    }

    private static JsonNode run(String onImage, String fields) throws Exception {
        var answer = client.post("/instances", "{'image':'" + onImage + "'," + fields + "}");
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return awaitEnd(answer.json().get("uuid").stringValue());
    }

    private static String result(JsonNode operation) {
        assertThat(operation.get("status").stringValue())
                .as(operation.toString())
                .isEqualTo("SUCCESS");
        return operation.get("result").get("image").stringValue();
    }

    @Test
    void aRunWritesAndTheNextSeesIt() throws Exception {
        JsonNode first = run("tag:busybox:1", "'command':'echo hello > /root/file; echo done','shell':true");
        String second = result(first);
        assertThat(second).isNotEqualTo(image);
        assertThat(first.get("metadata")
                        .get("result")
                        .get("stdout")
                        .get("value")
                        .stringValue())
                .isEqualTo("done\n");

        assertThat(client.get("/inspect/" + second + "/download?path=/root/file")
                        .text())
                .isEqualTo("hello\n");
        assertThat(client.get("/inspect/" + second + "/list?path=/root").json().get("files"))
                .hasSize(1);
        assertThat(client.get("/inspect/" + second + "/list?path=/root&text").text())
                .contains(" file\n");
        assertThat(client.get("/inspect/" + second + "/changes?from=" + image).text())
                .contains("{\"kind\":\"added\",\"path\":\"/root/file\"}");
        assertThat(result(run(second, "'command':'true'"))).isEqualTo(second);
        assertThat(result(run(second, "'command':'rm','args':['/root/file']"))).isEqualTo(image);
    }

    @Test
    void whatARunIsGivenReachesIt() throws Exception {
        String file = client.send(
                        "POST", "/files", BodyPublishers.ofString("#!/bin/sh\necho \"$1 $A\"; cat; pwd; exit 3\n"))
                .json()
                .get("uuid")
                .stringValue();

        JsonNode end = run(
                image,
                "'command':'/app.sh','args':['one'],'env':{'A':'b'},'cwd':'/made','stdin':{'value':'in\\n'},"
                        + "'files':{'app.sh':{'uuid':'" + file + "','mode':'0755'}}");

        JsonNode outcome = end.get("metadata").get("result");
        assertThat(outcome.get("stdout").get("value").stringValue()).isEqualTo("one b\nin\n/made\n");
        assertThat(outcome.get("state").get("exit_code").intValue()).isEqualTo(3);
        assertThat(result(end)).isNotEqualTo(image);
    }

    @Test
    void everyBadEndIsReported() throws Exception {
        JsonNode absent = run(image, "'command':'no-such-program'");
        assertThat(absent.get("status").stringValue()).isEqualTo("FAILED");
        assertThat(absent.get("error").stringValue()).startsWith("spawn failed: ");

        JsonNode late = run(image, "'command':'sleep','args':['3600'],'timeout':1");
        assertThat(late.get("status").stringValue()).isEqualTo("SUCCESS");
        assertThat(late.get("metadata")
                        .get("result")
                        .get("state")
                        .get("timed_out")
                        .booleanValue())
                .isTrue();

        String sleeping = client.post("/instances", "{'image':'" + image + "','command':'sleep','args':['3600']}")
                .json()
                .get("uuid")
                .stringValue();
        assertThat(client.delete("/operations/" + sleeping).status()).isEqualTo(202);
        assertThat(awaitEnd(sleeping).get("status").stringValue()).isEqualTo("CANCELLED");
        assertThat(client.delete("/operations/" + sleeping).status()).isEqualTo(409);
    }

    @Test
    void aTarOfTheTreeIsReadable() throws Exception {
        byte[] tar = client.get("/inspect/" + image + "/archive?path=/etc").body();
        assertThat(new String(tar, UTF_8)).contains("passwd").contains("root:x:0:0");
        assertThat(client.head("/inspect/" + image + "/archive?path=/etc").status())
                .isEqualTo(200);
        assertThat(client.get("/inspect/" + image + "/archive?path=/nothing").status())
                .isEqualTo(404);
    }

    @Test
    void hostilePathsSeeNothingOfTheHost() {
        for (String path :
                List.of("/../../../../etc/shadow", "..%2F..%2Fetc%2Fshadow", "%00", "/%FF", "//////nothing")) {
            assertThat(client.get("/inspect/" + image + "/download?path=" + path)
                            .status())
                    .as(path)
                    .isIn(400, 404);
        }
    }

    @Test
    void aSecondServerOnTheDataIsKeptOut() {
        assertThatThrownBy(() -> ContreeServer.start(ServerConfig.embedded(directory.resolve("data"))))
                .isInstanceOf(ContreeException.class)
                .hasMessageContaining("in use by another server");
    }

    @Test
    void aPortThatIsTakenIsReportedAndNothingStaysOpen() throws Exception {
        var flags = Map.of(
                "listen",
                "127.0.0.1:" + server.uri().getPort(),
                "data",
                directory.resolve("other").toString());
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> ContreeServer.start(ServerConfig.load(flags, Map.of())))
                    .isInstanceOf(ContreeException.class)
                    .hasMessageStartingWith(
                            "cannot listen on 127.0.0.1:" + server.uri().getPort())
                    .hasMessageContaining("choose another address with --listen");
        }
    }
}
