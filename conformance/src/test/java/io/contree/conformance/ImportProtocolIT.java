package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.testkit.LoopbackRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Imports from registries, with and without credentials. */
class ImportProtocolIT extends ServerSuite {
    private LoopbackRegistry registry;
    private LoopbackRegistry asking;

    @BeforeAll
    void startRegistries() throws Exception {
        registry = LoopbackRegistry.open();
        asking = LoopbackRegistry.withBasicAuth();
    }

    @AfterAll
    void stopRegistries() throws IOException {
        registry.close();
        asking.close();
    }

    private JsonNode importOf(String url, Map<String, String> credentials) throws Exception {
        Map<String, Object> from = new HashMap<>(Map.of("url", url));
        from.put("credentials", credentials);
        var answer = api.post("/images/import", Map.of("registry", from, "timeout", 60));
        assertThat(answer.statusCode()).as(Api.text(answer)).isEqualTo(201);
        String operation = Api.json(answer).get("uuid").asString();
        assertThat(answer.headers().firstValue("Location")).contains("/v1/operations/" + operation);
        return api.await(operation);
    }

    @Test
    @Timeout(60)
    void whatIsUnchangedIsNotMovedAgain() throws Exception {
        Path tree = Files.createDirectories(home.resolve("once/etc")).getParent();
        Files.writeString(tree.resolve("etc/once"), "once");
        String reference = RegistryImage.push(registry, tree, "library/once", home);
        JsonNode first = importOf("docker://" + reference, Map.of("username", "", "password", ""));
        assertThat(first.get("status").asString()).as(first.toString()).isEqualTo("SUCCESS");
        JsonNode again = importOf(reference, null);
        assertThat(again.get("status").asString()).as(again.toString()).isEqualTo("SUCCESS");
        assertThat(again.get("result")).isEqualTo(first.get("result"));
        assertThat(again.at("/metadata/registry").propertyNames()).containsExactly("url");
        List<String> fetched = blobsFetched();
        assertThat(Set.copyOf(fetched)).as("config and layer").hasSize(2);
        assertThat(fetched).as("the config twice").hasSize(3);
    }

    /** The registry's log lags behind, so something is asked for that shows where it is. */
    private List<String> blobsFetched() throws Exception {
        importOf("docker://" + registry.host() + "/marker/of/now:1", null);
        while (registry.requests().stream().noneMatch(request -> request.contains("/marker/"))) {
            Thread.sleep(10);
        }
        return registry.requests().stream()
                .filter(request -> request.startsWith("GET ") && request.contains("/blobs/"))
                .toList();
    }

    @Test
    void aPasswordIsUsedAndNeverShown() throws Exception {
        String reference = RegistryImage.push(asking, root, "library/secret", home);
        var credentials = LoopbackRegistry.CREDENTIALS;
        JsonNode record = importOf(
                "docker://" + reference, Map.of("username", credentials.user(), "password", credentials.password()));
        assertThat(record.get("status").asString()).as(record.toString()).isEqualTo("SUCCESS");
        assertThat(record.at("/metadata/registry/credentials/username").asString())
                .isEqualTo(credentials.user());
        assertThat(record.at("/metadata/registry/credentials/password").asString())
                .isEqualTo("<MASKED>");
        assertThat(record.toString()).doesNotContain(credentials.password());
        assertThat(server.log()).doesNotContain(credentials.password());
        JsonNode refused = importOf("docker://" + reference, Map.of("username", "contree", "password", "wrong"));
        assertThat(refused.get("status").asString()).isEqualTo("FAILED");
        assertThat(refused.toString()).doesNotContain("\"wrong\"");
    }

    @Test
    void anImageThatNobodyKnowsFailsWithItsName() throws Exception {
        JsonNode record = importOf("docker://" + registry.host() + "/no/such/image:1", null);
        assertThat(record.get("status").asString()).isEqualTo("FAILED");
        assertThat(record.get("error").asString()).contains("no/such/image");
        assertThat(record.at("/result/image").isNull()).isTrue();
    }
}
