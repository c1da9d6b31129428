package io.contree.conformance;

import io.contree.conformance.CompatibilityPage.Client;
import io.contree.testkit.LoopbackRegistry;
import io.contree.testkit.RootFs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Every example of the Python SDK's README, sync and async, with three released versions of it, unmodified. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SdkReadmeIT {
    private static final List<String> VERSIONS = List.of("0.1.3", "0.2.2", "0.3.6");

    private Path home;
    private TestServer server;
    private LoopbackRegistry registry;
    private String registryImage;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        home = directory;
        Path root = home.resolve("root");
        RootFs.busybox(root);
        registry = LoopbackRegistry.open();
        registryImage = RegistryImage.push(registry, root, "library/box", home);
        server = TestServer.start(home);
        server.api().importImage("rootfs:" + root, "ubuntu:latest");
        server.api().importImage("rootfs:" + root, "busybox:latest");
    }

    @AfterAll
    void stop() throws IOException {
        if (server != null) {
            server.close();
        }
        if (registry != null) {
            registry.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> sync() throws Exception {
        return examples("readme_sync.py", true);
    }

    @TestFactory
    Stream<DynamicTest> async() throws Exception {
        return examples("readme_async.py", true);
    }

    /** What the first start saved is found by a client that is told nothing. */
    @TestFactory
    Stream<DynamicTest> profile() throws Exception {
        return Stream.of("0.3.6").flatMap(version -> run(version, "profile.py", false));
    }

    private Stream<DynamicTest> examples(String script, boolean told) {
        return VERSIONS.stream().flatMap(version -> run(version, script, told));
    }

    private static String way(String script) {
        return script.replaceAll("readme_|\\.py", "");
    }

    private Stream<DynamicTest> run(String version, String script, boolean told) {
        try {
            Path local = Files.createDirectories(home.resolve("local-" + version + "-" + script));
            Map<String, String> environment = Map.of(
                    "TEST_URL", told ? server.uri().toString() : "",
                    "TEST_TOKEN", told ? server.token() : "",
                    "TEST_REGISTRY_IMAGE", registryImage,
                    "TEST_LOCAL_DIR", local.toString(),
                    "CONTREE_HOME",
                            told
                                    ? home.resolve("none").toString()
                                    : server.profile().toString());
            return new PythonScript(
                            new Client("contree-sdk", version, way(script)),
                            List.of("contree-sdk==" + version),
                            List.of("/sdk/" + script, "/sdk/examples.py"),
                            List.of())
                    .run(environment, local);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
