package io.contree.sdk;

import io.contree.testkit.ScriptedServer;
import java.nio.file.Path;
import java.util.Map;

/** A client that nothing on this machine has a say in. */
final class TestClient {
    private TestClient() {}

    static Contree.Builder of(ScriptedServer server) {
        return Contree.builder(Map.of(), Path.of("/nonexistent"))
                .baseUrl(server.uri().toString())
                .token("t");
    }
}
