package io.contree.sdk;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** JSON as the API has it: snake_case names, unknown fields ignored. */
final class Wire {
    private static final JsonMapper mapper = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(tools.jackson.databind.DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(tools.jackson.databind.DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private Wire() {}

    /** @throws ServerException if the bytes are not the JSON that was expected */
    static <T> T read(String action, byte[] json, Class<T> type) {
        @Nullable T value;
        try {
            value = mapper.readValue(json, type);
        } catch (JacksonException e) {
            throw new ServerException(
                    "could not " + action + ": the server's answer is not what this client understands ("
                            + e.getOriginalMessage() + "); is it a contree server of this version?",
                    e);
        }
        if (value == null) {
            throw new ServerException("could not " + action + ": the server answered null");
        }
        return value;
    }

    static <T> T convert(JsonNode node, Class<T> type) {
        return mapper.treeToValue(node, type);
    }

    static byte[] write(Object value) {
        return mapper.writeValueAsBytes(value);
    }

    static String text(Object value) {
        return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(value);
    }
}
