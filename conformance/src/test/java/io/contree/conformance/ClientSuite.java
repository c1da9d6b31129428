package io.contree.conformance;

import io.contree.testkit.LoopbackRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** A server and a registry on loopback, told to client programs by their environment. */
abstract class ClientSuite extends ServerSuite {
    private LoopbackRegistry registry;
    private String registryImage;

    @BeforeAll
    void startRegistry() throws Exception {
        registry = LoopbackRegistry.open();
        registryImage = RegistryImage.push(registry, root, "library/box", home);
    }

    @AfterAll
    void stopRegistry() throws IOException {
        if (registry != null) {
            registry.close();
        }
    }

    /** @param directory what the program may write to */
    Map<String, String> environment(Path directory) throws IOException {
        return Map.of(
                "TEST_URL", server.uri().toString(),
                "TEST_TOKEN", server.token(),
                "TEST_IMAGE", box,
                "TEST_REGISTRY_IMAGE", registryImage,
                "TEST_HOME", directory.toString());
    }
}
