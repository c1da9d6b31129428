package io.contree.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The API's description, and whether an answer is as it says. It needs contree-api on the class path. */
public final class OpenApi {
    private static final OpenApi INSTANCE = new OpenApi();

    private final JsonMapper json = new JsonMapper();
    private final JsonNode document;
    private final SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private final Map<String, Schema> schemas = new ConcurrentHashMap<>();

    private OpenApi() {
        try (InputStream in = OpenApi.class.getResourceAsStream("/io/contree/api/openapi.yaml")) {
            document = new YAMLMapper().readTree(Objects.requireNonNull(in, "contree-api is not on the class path"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static OpenApi get() {
        return INSTANCE;
    }

    public JsonNode document() {
        return document;
    }

    /** Fails unless the answer is one that the description has for this method and path (below {@code /v1}, no query). */
    public void check(String method, String path, int status, Optional<String> contentType, byte[] body) {
        boolean head = method.equals("HEAD");
        if (status >= 400 && !head) {
            checkError(status, contentType, body);
            return;
        }
        JsonNode operation = operation(method, path)
                .orElseThrow(() -> new AssertionError(
                        method + " " + path + " is not in openapi.yaml and was answered with " + status));
        JsonNode response = operation.at("/responses/" + status);
        if (status < 400 && response.isMissingNode()) {
            throw new AssertionError(method + " " + path + " has no answer " + status + " in openapi.yaml");
        }
        JsonNode content = response.path("content");
        if (content.isMissingNode() || head) {
            assertThat(body).as("the body of " + status).isEmpty();
            return;
        }
        checkContent(method + " " + path, content, contentType.orElse("none").replaceAll(";.*", ""), body);
    }

    private void checkError(int status, Optional<String> contentType, byte[] body) {
        valid(schema("{\"$ref\":\"#/components/schemas/Error\"}"), body);
        assertThat(contentType).contains("application/json");
        assertThat(json.readTree(body).at("/status").intValue()).isEqualTo(status);
    }

    private void checkContent(String what, JsonNode content, String type, byte[] body) {
        JsonNode media = content.path(type);
        if (media.isMissingNode()) {
            throw new AssertionError(what + " answers with " + type + ", which openapi.yaml does not have");
        }
        if (type.equals("application/json")) {
            valid(schema(media.path("schema").toString()), body);
        }
    }

    /** Fails unless this is an event as the description has it. */
    public void checkEvent(byte[] data) {
        valid(schema("{\"$ref\":\"#/components/schemas/OperationEvent\"}"), data);
    }

    private void valid(Schema schema, byte[] body) {
        assertThat(schema.validate(json.readTree(body)))
                .as(() -> new String(body, StandardCharsets.UTF_8))
                .isEmpty();
    }

    private Schema schema(String text) {
        return schemas.computeIfAbsent(text, key -> {
            ObjectNode schema = (ObjectNode) json.readTree(key);
            schema.set("components", document.path("components"));
            return registry.getSchema(schema);
        });
    }

    private Optional<JsonNode> operation(String method, String path) {
        JsonNode found = null;
        for (var entry : document.path("paths").properties()) {
            String regex = entry.getKey().replaceAll("\\{[^}]+}", "[^/]+");
            JsonNode operation = entry.getValue().path(method.toLowerCase(Locale.ROOT));
            if (path.matches(regex)
                    && !operation.isMissingNode()
                    && (found == null || !entry.getKey().contains("{"))) {
                found = operation;
            }
        }
        return Optional.ofNullable(found);
    }
}
