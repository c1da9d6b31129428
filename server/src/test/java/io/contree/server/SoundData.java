package io.contree.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.contree.catalog.SqlCatalog;
import io.contree.server.config.ServerConfig;
import io.contree.server.http.ApiClient;
import io.contree.store.Digest;
import io.contree.store.Image;
import io.contree.store.LayerId;
import io.contree.store.disk.CatalogLink;
import io.contree.store.disk.Layout;
import io.contree.testkit.RootFs;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A data directory as a server leaves it: an import, two runs on each other with a little of everything, one beside them, an uploaded file.
 * Tests damage copies of it.
 *
 * @param base the import, tagged {@code base:1}
 * @param first a run on it, tagged {@code first:1}
 * @param second a run on that, tagged {@code second:1}
 * @param other another run on the import, tagged {@code other:1}, which nothing that happens to the others may harm
 * @param run the operation of the first run
 */
record SoundData(Path data, UUID base, UUID first, UUID second, UUID other, UUID run, Digest upload) {
    static final String UPLOADED = "uploaded bytes\n";

    private static final String FIRST =
            "mkdir -p /d/sub/deep; echo one > /d/file; ln /d/file /d/linked; ln -s file /d/link;"
                    + " mkfifo /d/pipe; echo deep > /d/sub/deep/file; head -c 17000000 /dev/urandom > /d/large; echo made; chmod 640 /d/file";

    private static final String SECOND =
            "rm /d/link; echo two > /d/more; rm -rf /d/sub; mkdir /d/sub; echo new > /d/sub/new; echo said";

    /** Makes one in a directory, with a server that has stopped when this returns. */
    static SoundData make(Path directory) throws Exception {
        Path root = RootFs.busybox(directory.resolve("rootfs"));
        Path data = directory.resolve("data");
        try (ContreeServer server = ContreeServer.start(config(data, root));
                ApiClient client = new ApiClient(server.uri(), server.createToken())) {
            UUID base = importBase(client, root);
            JsonNode made = run(client, base, FIRST);
            UUID first = image(made);
            UUID second = image(run(client, first, SECOND));
            UUID other = image(run(client, base, "echo other > /other"));
            tag(client, first, "first:1");
            tag(client, second, "second:1");
            tag(client, other, "other:1");
            String sha256 = client.send("POST", "/files", BodyPublishers.ofString(UPLOADED))
                    .json()
                    .get("sha256")
                    .stringValue();
            UUID run = UUID.fromString(made.get("uuid").stringValue());
            return new SoundData(data, base, first, second, other, run, new Digest(sha256));
        }
    }

    static UUID importBase(ApiClient client, Path root) throws Exception {
        return image(end(
                client,
                client.post("/images/import", "{'registry':{'url':'rootfs:" + root + "'},'tag':'base:1'}")
                        .json()));
    }

    static ServerConfig config(Path data, Path root) {
        return ServerConfig.load(settings(data, root), Map.of());
    }

    static Map<String, String> settings(Path data, Path root) {
        return Map.of(
                "listen",
                "127.0.0.1:0",
                "save-profile",
                "off",
                "data",
                data.toString(),
                "local-import-roots",
                root.toString());
    }

    static JsonNode run(ApiClient client, UUID image, String script) throws Exception {
        return end(
                client,
                client.post("/instances", "{'image':'" + image + "','command':'" + script + "','shell':true}")
                        .json());
    }

    private static JsonNode end(ApiClient client, JsonNode accepted) throws Exception {
        String operation = accepted.get("uuid").stringValue();
        try (var events =
                client.stream("/operations/" + operation + "/events?follow=1").body()) {
            new String(events.readAllBytes(), UTF_8).lines().forEach(line -> {});
        }
        return client.get("/operations/" + operation).json();
    }

    static UUID image(JsonNode operation) {
        assertThat(operation.get("status").stringValue())
                .as(operation.toString())
                .isEqualTo("SUCCESS");
        return UUID.fromString(operation.get("result").get("image").stringValue());
    }

    private static void tag(ApiClient client, UUID image, String tag) {
        assertThat(client.patch("/images/" + image + "/tag", "{'tag':'" + tag + "'}")
                        .status())
                .isEqualTo(200);
    }

    /** A copy of all of it, links, whiteouts and attributes included. */
    SoundData copy(Path to) throws Exception {
        Process copy = new ProcessBuilder("cp", "-a", data.toString(), to.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(copy.getInputStream().readAllBytes(), UTF_8);
        assertThat(copy.waitFor()).as(said).isZero();
        return new SoundData(to, base, first, second, other, run, upload);
    }

    Layout layout() {
        return new Layout(data);
    }

    Image record(UUID image) {
        try (SqlCatalog catalog = SqlCatalog.administer(CatalogLink.of(data))) {
            return catalog.images().image(image).orElseThrow();
        }
    }

    /** The layer that an image has and the one that it was made on has not. */
    LayerId top(UUID image) {
        return record(image).layers().getLast();
    }

    Layout.LayerDirectory layer(UUID image) {
        return layout().layer(top(image));
    }

    Path upload(Digest digest) {
        return layout().file(digest);
    }

    Path log() {
        String name = run.toString();
        return layout().operations()
                .resolve("logs")
                .resolve(name.substring(0, 2))
                .resolve(name + ".jsonl");
    }

    /** The one file in {@code contents/}. */
    Path content() throws IOException {
        try (Stream<Path> files = Files.walk(layout().contents())) {
            return files.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
    }
}
