package io.contree.conformance;

import io.contree.testkit.LoopbackRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** contree-client 0.4.4 with each of its transports, sync and async. */
class ContreeClientIT extends ServerSuite {
    private static final String VERSION = "0.4.4";

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

    @TestFactory
    Stream<DynamicTest> httpClient() throws Exception {
        return with("http", "ContreeClient");
    }

    @TestFactory
    Stream<DynamicTest> urllib3() throws Exception {
        return with("urllib3", "ContreeClient");
    }

    @TestFactory
    Stream<DynamicTest> requests() throws Exception {
        return with("requests", "ContreeClient");
    }

    @TestFactory
    Stream<DynamicTest> httpx() throws Exception {
        return with("httpx", "ContreeClient");
    }

    @TestFactory
    Stream<DynamicTest> asyncHttpx() throws Exception {
        return with("httpx", "ContreeAsyncClient");
    }

    @TestFactory
    Stream<DynamicTest> aiohttp() throws Exception {
        return with("aiohttp", "ContreeAsyncClient");
    }

    private Stream<DynamicTest> with(String module, String type) throws Exception {
        PythonEnv python = PythonEnv.of("contree-client[urllib3,requests,httpx,aiohttp]==" + VERSION);
        Path directory = Files.createDirectories(home.resolve(module + "-" + type));
        Map<String, String> environment = Map.of(
                "TEST_URL",
                server.uri().toString(),
                "TEST_TOKEN",
                server.token(),
                "TEST_IMAGE",
                box,
                "TEST_REGISTRY_IMAGE",
                registryImage);
        return PythonScript.run(
                python,
                "contree-client " + VERSION + " " + module + " " + type,
                List.of("/client/transports.py"),
                List.of(module, type),
                environment,
                directory);
    }
}
