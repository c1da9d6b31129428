package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.sdk.Contree;
import io.contree.sdk.Image;
import io.contree.server.Administration;
import io.contree.testkit.Requirements;
import io.contree.testkit.RootFs;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Who may have a server read its own disk, and how everybody else brings what is on theirs. */
class LocalImportsIT {
    @TempDir
    Path home;

    private static HttpResponse<byte[]> ask(Api api, String reference) throws Exception {
        return api.post("/images/import", Map.of("registry", Map.of("url", reference)));
    }

    private static Api with(TestServer server, Set<String> permissions) {
        try (Administration operator = Administration.open(server.data())) {
            return new Api(
                    server.uri(),
                    operator.createToken(Optional.empty(), permissions, Optional.empty())
                            .token());
        }
    }

    private static String cli(TestServer server, String... arguments) throws Exception {
        List<String> command = new java.util.ArrayList<>(TestServer.jvm());
        command.add("io.contree.cli.Main");
        command.addAll(List.of(arguments));
        return server.runClient(command.toArray(String[]::new));
    }

    @Test
    void byDefaultNoTokenReadsTheServersDiskAndTheCommandSendsIt() throws Exception {
        Path root = RootFs.busybox(home.resolve("root"));
        try (TestServer server = TestServer.start(home, "--local-import-roots", "none");
                Contree contree = server.connect()) {
            for (String reference : List.of(
                    "rootfs:/etc",
                    "rootfs:" + root,
                    "oci:/etc",
                    "oci-archive:/etc/shadow",
                    "docker-archive:/etc/shadow")) {
                HttpResponse<byte[]> answer = ask(server.api(), reference);
                assertThat(answer.statusCode()).as(reference).isEqualTo(403);
                assertThat(Api.text(answer)).contains("local-import-roots", "upload:rootfs:");
            }
            assertThat(cli(server, "images", "import", "rootfs:" + root, "--tag", "sent:1"))
                    .contains("sent:1");
            Image sent = contree.images().find("sent:1");
            assertThat(sent.shell("true").execute().exitCode()).isZero();

            Path tar = RootFs.pack(root, home.resolve("root.tar"));
            Api importer = with(server, Set.of("import"));
            JsonNode file =
                    Api.json(importer.send("POST", "/files", Files.readAllBytes(tar), "application/octet-stream"));
            HttpResponse<byte[]> started =
                    ask(importer, "upload:rootfs:" + file.get("uuid").asString());
            assertThat(started.statusCode()).isEqualTo(201);
            JsonNode record = server.api().await(Api.json(started).get("uuid").asString());
            assertThat(record.at("/result/image").asString())
                    .as(record.toString())
                    .isEqualTo(sent.uuid().toString());
        }
    }

    @Test
    void itTakesASettingAPermissionAndAPathBelowARoot() throws Exception {
        Requirements.root();
        Path root = RootFs.busybox(home.resolve("images/root"));
        Files.createSymbolicLink(home.resolve("images/out"), Path.of("../profile"));
        try (TestServer server = TestServer.start(
                home, "--local-import-roots", home.resolve("images").toString())) {
            Api usual = with(server, Set.copyOf(Administration.usualPermissions()));
            HttpResponse<byte[]> denied = ask(usual, "rootfs:" + root);
            assertThat(denied.statusCode()).isEqualTo(403);
            assertThat(Api.text(denied)).contains("import_local");
            assertThat(usual.getJson("/whoami").at("/permissions/import_local").asBoolean(true))
                    .isFalse();

            Api allowed = with(server, Set.of("import", "import_local", "list"));
            assertThat(allowed.importImage("rootfs:" + root, "mine:1")).isNotBlank();
            for (String outside : List.of(
                    "rootfs:/etc",
                    "rootfs:" + server.data(),
                    "rootfs:" + home.resolve("images/../profile"),
                    "rootfs:" + home.resolve("images/out"),
                    "docker-archive:" + home.resolve("images/out/auth.ini"),
                    "oci:" + home)) {
                JsonNode record = allowed.importRecord(outside, "never:1");
                assertThat(record.get("status").asString()).as(outside).isEqualTo("FAILED");
                assertThat(record.get("error").asString()).as(outside).contains("local-import-roots");
            }
        }
    }
}
