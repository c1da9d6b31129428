package io.contree.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.contree.api.ImportRequest.Credentials;
import io.contree.api.ImportRequest.Registry;
import io.contree.api.SpawnRequest.FileSpec;
import io.contree.api.SpawnRequest.Networking;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ClientRequestTest {
    private static final String IMAGE = "tag:busybox:latest";

    @Test
    void allThatIsSaidIsRead() {
        FileRecord file = new FileRecord(UUID.randomUUID(), "00", 1, Instant.EPOCH, Instant.EPOCH);
        ClientRequest said = ClientRequest.command("cat")
                .args(List.of("-n"))
                .shell(true)
                .image(IMAGE)
                .env(Map.of("A", "1"))
                .env(Map.of("B", "2"))
                .preserveEnv()
                .cwd("/x")
                .preserveCwd()
                .user(1, 2)
                .hostname("h")
                .stdin("ü".getBytes(UTF_8))
                .openStdin()
                .file("a", file, 04755, 3, 4)
                .timeout(Duration.ofMillis(1500))
                .disposable()
                .outputLimit(10)
                .maxLayerBytes(20)
                .networking(false);

        ProcessRequest process = new ProcessRequest(
                "cat",
                List.of("-n"),
                true,
                new TreeMap<>(Map.of("A", "1", "B", "2")),
                "/x",
                1,
                2,
                "",
                new Stdin("w7w=", Encoding.BASE64, false),
                10);
        assertThat(Json.read(Json.bytes(said), SpawnRequest.class))
                .isEqualTo(SpawnRequest.builder(process, IMAGE)
                        .preserve(true, true)
                        .hostname("h")
                        .files(Map.of("/a", new FileSpec(file.uuid().toString(), 04755, 3, 4)))
                        .timeout(2)
                        .disposable(true)
                        .maxLayerBytes(20)
                        .networking(new Networking(false))
                        .build());
    }

    @Test
    void whatIsNotSaidIsNotSent() {
        assertThat(Json.text(ClientRequest.command("true"))).isEqualTo("{\"command\":\"true\"}");
    }

    @Test
    void importsAndInputAreRead() {
        ClientRequest load = ClientRequest.imported("docker://a/b", Map.of("username", "me", "password", "it"))
                .tag("b:1")
                .timeout(Duration.ofSeconds(7));
        assertThat(Json.read(Json.bytes(load), ImportRequest.class))
                .isEqualTo(new ImportRequest(
                        new Registry("docker://a/b", Optional.of(new Credentials("me", "it"))), Optional.of("b:1"), 7));
        assertThat(Json.read(Json.bytes(ClientRequest.write(new byte[] {0}, true)), StdinWrite.class))
                .isEqualTo(new StdinWrite(new Stdin("AA==", Encoding.BASE64, true)));
    }
}
