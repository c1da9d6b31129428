package io.contree.store.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.contree.store.ImportSource;
import io.contree.store.Importer;
import io.contree.store.StoreException;
import io.contree.store.overlay.StoreFixture;
import io.contree.testkit.LeakChecker;
import io.contree.testkit.OciLayout;
import io.contree.testkit.Requirements;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Knowing the digests of somebody else's layers gives no access to them. */
@ExtendWith(LeakChecker.class)
class LayersOfOthersIT {
    private static final UUID VICTIM = new UUID(0, 1);
    private static final UUID THIEF = new UUID(0, 2);

    @TempDir
    Path scratch;

    private StoreFixture store;
    private HttpServer registry;
    private final Map<String, byte[]> answers = new ConcurrentHashMap<>();
    private final List<String> asked = new ArrayList<>();

    @BeforeEach
    void open() throws IOException {
        Requirements.root();
        store = new StoreFixture();
        registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        registry.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            synchronized (asked) {
                asked.add(path);
            }
            byte[] body = answers.get(path.substring(path.lastIndexOf('/') + 1));
            if (path.contains("/manifests/")) {
                exchange.getResponseHeaders().add("Content-Type", "application/vnd.oci.image.manifest.v1+json");
            }
            exchange.sendResponseHeaders(body == null ? 404 : 200, body == null ? -1 : body.length);
            if (body != null) {
                exchange.getResponseBody().write(body);
            }
            exchange.close();
        });
        registry.start();
    }

    @AfterEach
    void close() throws Exception {
        registry.stop(0);
        store.close();
    }

    private Importer.Imported importFrom(String reference, UUID owner) {
        ImportSource source =
                new ImportSource(reference, Optional.empty(), Duration.ofMinutes(1), Optional.empty(), owner);
        return store.store().importer().importImage(source, (what, done, total) -> {});
    }

    /** Gives the registry the image of a layout, except its layers. */
    private String served(Path layout, boolean layers) throws IOException {
        JsonMapper json = new JsonMapper();
        String manifest = json.readTree(Files.readAllBytes(layout.resolve("index.json")))
                .at("/manifests/0/digest")
                .asString();
        try (var blobs = Files.list(layout.resolve("blobs/sha256"))) {
            for (Path blob : blobs.toList()) {
                byte[] bytes = Files.readAllBytes(blob);
                String name = "sha256:" + blob.getFileName();
                boolean document = bytes[0] == '{';
                if (name.equals(manifest)) {
                    answers.put("1", bytes);
                } else if (document || layers) {
                    answers.put(name, bytes);
                }
            }
        }
        JsonNode first = json.readTree(answers.get("1")).at("/layers/0");
        if (!layers) {
            String invented = "sha256:" + "ab".repeat(32);
            answers.put(
                    "1",
                    new String(answers.get("1"), StandardCharsets.UTF_8)
                            .replace(first.get("digest").asString(), invented)
                            .getBytes(StandardCharsets.UTF_8));
        }
        return "docker://127.0.0.1:" + registry.getAddress().getPort() + "/x:1";
    }

    @Test
    void aDiffIdGivesNoLayerOfAnother() throws Exception {
        Path tree = Files.createDirectory(scratch.resolve("tree"));
        Files.writeString(tree.resolve("secret"), "of the victim");
        Path tar = io.contree.testkit.RootFs.pack(tree, scratch.resolve("layer.tar"));
        Path layout = OciLayout.write(scratch.resolve("layout"), "1", List.of(tar), List.of());
        Importer.Imported victims = importFrom("oci:" + layout, VICTIM);
        assertThat(importFrom("oci:" + layout, VICTIM).bytesMoved()).isZero();

        String hostile = served(layout, false);
        assertThatThrownBy(() -> importFrom(hostile, THIEF))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.REGISTRY));
        assertThat(asked).anyMatch(path -> path.endsWith("sha256:" + "ab".repeat(32)));

        String genuine = served(layout, true);
        Importer.Imported thiefs = importFrom(genuine, THIEF);
        assertThat(thiefs.bytesMoved()).as("nothing tells that it was here").isEqualTo(victims.bytesMoved());
        assertThat(thiefs.image()).isEqualTo(victims.image());
        assertThat(store.children(store.layout().layers())).as("kept once").hasSize(1);
        assertThat(importFrom(genuine, THIEF).bytesMoved()).isZero();
    }
}
