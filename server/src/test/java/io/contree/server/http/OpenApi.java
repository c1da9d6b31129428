package io.contree.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The API's description, and whether an answer is as it says. */
public final class OpenApi {
    private static final OpenApi INSTANCE = new OpenApi();

    private final JsonMapper json = new JsonMapper();
    private final JsonNode document;
    private final SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private final Map<String, Schema> schemas = new ConcurrentHashMap<>();

    private OpenApi() {
        try (InputStream in = OpenApi.class.getResourceAsStream("/io/contree/api/openapi.yaml")) {
            document = new YAMLMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static OpenApi get() {
        return INSTANCE;
    }

    JsonNode document() {
        return document;
    }

    /** Fails unless the answer is one that the description has for this method and path (below {@code /v1}). */
    public void check(String method, String path, int status, Optional<String> contentType, byte[] body) {
        JsonNode operation = operation(method, path);
        if (status >= 400 && !method.equals("HEAD")) {
            valid(schema("{\"$ref\":\"#/components/schemas/Error\"}"), body);
            assertThat(contentType).contains("application/json");
            assertThat(json.readTree(body).get("status").intValue()).isEqualTo(status);
            return;
        }
        if (operation == null) {
            throw new AssertionError(method + " " + path + " is not in openapi.yaml and was answered with " + status);
        }
        JsonNode response = operation.get("responses").get(Integer.toString(status));
        if (status < 400 && response == null) {
            throw new AssertionError(method + " " + path + " has no answer " + status + " in openapi.yaml");
        }
        JsonNode content = response == null ? null : response.get("content");
        if (content == null || method.equals("HEAD")) {
            assertThat(body).as("the body of " + status).isEmpty();
            return;
        }
        String type = contentType.orElse("none").replaceAll(";.*", "");
        JsonNode media = content.get(type);
        if (media == null) {
            throw new AssertionError(
                    method + " " + path + " answers with " + type + ", which openapi.yaml does not have");
        }
        if (type.equals("application/json")) {
            valid(schema(media.get("schema").toString()), body);
        }
    }

    /** Fails unless this is an event as the description has it. */
    public void checkEvent(byte[] data) {
        valid(schema("{\"$ref\":\"#/components/schemas/OperationEvent\"}"), data);
    }

    private void valid(Schema schema, byte[] body) {
        assertThat(schema.validate(json.readTree(body)))
                .as(() -> new String(body, java.nio.charset.StandardCharsets.UTF_8))
                .isEmpty();
    }

    private Schema schema(String text) {
        return schemas.computeIfAbsent(text, key -> {
            ObjectNode schema = (ObjectNode) json.readTree(key);
            schema.set("components", document.get("components"));
            return registry.getSchema(schema);
        });
    }

    private JsonNode operation(String method, String path) {
        JsonNode found = null;
        for (var entry : document.get("paths").properties()) {
            String regex = entry.getKey().replaceAll("\\{[^}]+}", "[^/]+");
            if (path.matches(regex) && (found == null || !entry.getKey().contains("{"))) {
                JsonNode operation = entry.getValue().get(method.toLowerCase(java.util.Locale.ROOT));
                found = operation == null ? found : operation;
            }
        }
        return found;
    }
}
