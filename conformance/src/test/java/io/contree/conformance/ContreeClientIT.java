package io.contree.conformance;

import io.contree.conformance.CompatibilityPage.Client;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** contree-client 0.4.4 with each of its transports, sync and async, below a prefix as a gateway would have. */
class ContreeClientIT extends ClientSuite {
    private static final String VERSION = "0.4.4";

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
        Path directory = Files.createDirectories(home.resolve(module + "-" + type));
        Map<String, String> environment = new HashMap<>(environment(directory));
        environment.put("TEST_URL", server.uri() + "/behind/a/gateway");
        return new PythonScript(
                        new Client("contree-client", VERSION, module + (type.contains("Async") ? " async" : "")),
                        List.of("contree-client[urllib3,requests,httpx,aiohttp]==" + VERSION),
                        List.of("/client/transports.py", "/client/processes.py", "/client/calls.py"),
                        List.of(module, type))
                .run(environment, directory);
    }
}
