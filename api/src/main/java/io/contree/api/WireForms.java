package io.contree.api;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.function.Function;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.module.SimpleModule;

/** The types whose JSON differs from their components. */
final class WireForms {
    /** Old readers accept exactly 0, 3 or 6 digits of a second and no {@code Z}. */
    private static final DateTimeFormatter INSTANT = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS")
            .appendLiteral("+00:00")
            .toFormatter()
            .withZone(ZoneOffset.UTC);

    private WireForms() {}

    static SimpleModule module() {
        SimpleModule module = new SimpleModule("contree");
        module.addSerializer(Instant.class, written(WireForms::write));
        module.addSerializer(Stdin.class, written(WireForms::write));
        module.addSerializer(SpawnRequest.FileSpec.class, written(WireForms::write));
        module.addDeserializer(
                Instant.class,
                read(node -> OffsetDateTime.parse(node.stringValue()).toInstant()));
        module.addDeserializer(Stdin.class, read(node -> Stdin.parse(JsonFields.of(node, "stdin"))));
        module.addDeserializer(SpawnRequest.class, read(node -> SpawnRequest.parse(JsonFields.of(node, ""))));
        module.addDeserializer(ProcessRequest.class, read(node -> ProcessRequest.parse(JsonFields.of(node, ""))));
        module.addDeserializer(StdinWrite.class, read(node -> StdinWrite.parse(JsonFields.of(node, ""))));
        module.addDeserializer(ImportRequest.class, read(node -> ImportRequest.parse(JsonFields.of(node, ""))));
        return module;
    }

    private static void write(Instant instant, JsonGenerator out) {
        out.writeString(INSTANT.format(instant));
    }

    private static void write(Stdin stdin, JsonGenerator out) {
        out.writeStartObject();
        out.writeStringProperty("value", stdin.value());
        out.writeStringProperty("encoding", stdin.encoding().wire());
        out.writeBooleanProperty("close", stdin.close());
        // Readers of operations from before 2026 require this key.
        out.writeBooleanProperty("truncated", false);
        out.writeEndObject();
    }

    private static void write(SpawnRequest.FileSpec file, JsonGenerator out) {
        out.writeStartObject();
        out.writeStringProperty("uuid", file.uuid());
        out.writeStringProperty("mode", String.format("%04o", file.mode()));
        out.writeNumberProperty("uid", file.uid());
        out.writeNumberProperty("gid", file.gid());
        out.writeEndObject();
    }

    private interface Writing<T> {
        void write(T value, JsonGenerator out);
    }

    private static <T> ValueSerializer<T> written(Writing<T> writing) {
        return new ValueSerializer<>() {
            @Override
            public void serialize(T value, JsonGenerator out, SerializationContext context) {
                writing.write(value, out);
            }
        };
    }

    private static <T> ValueDeserializer<T> read(Function<JsonNode, T> reading) {
        return new ValueDeserializer<>() {
            @Override
            public T deserialize(JsonParser parser, DeserializationContext context) {
                return reading.apply(context.readTree(parser));
            }
        };
    }
}
