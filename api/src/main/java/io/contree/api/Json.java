package io.contree.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.io.OutputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonFactoryBuilder;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON as the wire has it: snake_case keys; instants as {@code 2026-01-02T03:04:05.123456+00:00}; absent and null components
 * left out unless they are declared {@code ALWAYS}; on reading, unknown keys are ignored and null counts as absent.
 * What is written for a record of this package reads back as an equal record. No type is ever chosen by the input.
 */
public final class Json {
    /** How deep the objects and arrays of an input may be nested. */
    public static final int MAX_DEPTH = 64;

    /** Names, values, braces and brackets in a request, at most: each may take a hundred times its length in memory. */
    private static final long MAX_TOKENS =
            Math.max(100_000, Math.min(2_000_000, Runtime.getRuntime().maxMemory() >> 10));

    private static final JsonMapper MAPPER = mapper(Long.MAX_VALUE);
    private static final JsonMapper REQUESTS = mapper(MAX_TOKENS);

    private Json() {}

    private static JsonMapper mapper(long maxTokens) {
        JsonFactoryBuilder factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .maxTokenCount(maxTokens)
                        .maxNumberLength(100)
                        .maxNameLength(16_384)
                        .maxStringLength(256 << 20)
                        .build());
        return JsonMapper.builder(factory.build())
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .changeDefaultPropertyInclusion(value -> value.withValueInclusion(JsonInclude.Include.NON_ABSENT))
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .addModule(WireForms.module())
                .build();
    }

    /** The UTF-8 text of a value. */
    public static byte[] bytes(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    /** The text of a value, on one line. */
    public static String text(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /**
     * Writes the UTF-8 text of a value as it is made; does not close the stream.
     *
     * @throws IOException if the stream does
     */
    public static void write(Object value, OutputStream out) throws IOException {
        try {
            MAPPER.writer()
                    .without(tools.jackson.core.StreamWriteFeature.AUTO_CLOSE_TARGET)
                    .writeValue(out, value);
        } catch (JacksonException e) {
            if (e.getCause() instanceof IOException thrown) {
                throw thrown;
            }
            throw e;
        }
    }

    /** A value as a tree that may be added to. */
    public static ObjectNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    /**
     * Reads a value; requests are checked and get their defaults.
     *
     * @throws ContreeException INVALID_ARGUMENT that says where it is wrong
     */
    public static <T> T read(byte[] json, Class<T> type) {
        return read(MAPPER, json, type);
    }

    /** As {@link #read}, but refuses what could take far more memory than its length, such as a million keys. */
    public static <T> T readRequest(byte[] json, Class<T> type) {
        return read(REQUESTS, json, type);
    }

    private static <T> T read(JsonMapper mapper, byte[] json, Class<T> type) {
        T value;
        try {
            value = mapper.readValue(json, type);
        } catch (JacksonException e) {
            throw malformed(e);
        }
        if (value == null) {
            throw new ContreeException(ErrorCode.INVALID_ARGUMENT, "the body is null; a JSON object is needed");
        }
        return value;
    }

    /**
     * Reads the object of a request field by field.
     *
     * @throws ContreeException INVALID_ARGUMENT if this is not a JSON object
     */
    public static JsonFields fields(byte[] json) {
        try {
            return JsonFields.of(REQUESTS.readTree(json), "");
        } catch (JacksonException e) {
            throw malformed(e);
        }
    }

    private static ContreeException malformed(JacksonException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof ContreeException known) {
                return known;
            }
        }
        var at = e.getLocation();
        String place = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
        return new ContreeException(
                ErrorCode.INVALID_ARGUMENT,
                "the body is not the JSON that is expected" + place + ": " + firstLine(e.getOriginalMessage()));
    }

    private static String firstLine(String text) {
        // For an object that does not end, the parser adds where it began, in terms of its own.
        String line = text.lines().findFirst().orElse("").replaceFirst(" \\(start marker at .*", "");
        return line.length() <= 200 ? line : line.substring(0, 200) + "…";
    }
}
