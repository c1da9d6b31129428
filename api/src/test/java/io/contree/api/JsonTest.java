package io.contree.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class JsonTest {
    private static final UUID ID = UUID.fromString("01234567-89ab-8cde-8f01-23456789abcd");

    @Test
    void keysAreSnakeCaseAndDeclaredNullsStay() {
        var summary = new OperationSummary(
                ID,
                OperationKind.IMAGE_IMPORT,
                OperationStatus.PENDING,
                null,
                Instant.EPOCH,
                0,
                null,
                null,
                null,
                null,
                null,
                null,
                null);

        assertThat(Json.text(summary))
                .isEqualTo(
                        "{\"uuid\":\"" + ID + "\",\"kind\":\"image_import\",\"status\":\"PENDING\",\"error\":null,"
                                + "\"created_at\":\"1970-01-01T00:00:00.000000+00:00\",\"duration\":0.0,\"result_image_uuid\":null}");
    }

    @Test
    void instantsHaveMicrosecondsAndAZone() {
        var file = new FileRecord(ID, "00", 1, Instant.parse("2026-01-02T03:04:05.123456789Z"), Instant.EPOCH);

        assertThat(Json.text(file)).contains("\"created_at\":\"2026-01-02T03:04:05.123456+00:00\"");
        assertThat(Json.read(Json.bytes(file), FileRecord.class).createdAt())
                .isEqualTo(Instant.parse("2026-01-02T03:04:05.123456Z"));
    }

    @Test
    void nullsInsideOfEventDataStay() {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("status", "SUCCESS");
        data.put("result_image_uuid", null);
        var event = new OperationEvent(7, Instant.EPOCH, null, "completion", data);

        assertThat(Json.text(event))
                .isEqualTo("{\"id\":7,\"ts\":\"1970-01-01T00:00:00.000000+00:00\",\"type\":\"completion\","
                        + "\"data\":{\"status\":\"SUCCESS\",\"result_image_uuid\":null}}");
        assertThat(Json.read(Json.bytes(event), OperationEvent.class)).isEqualTo(event);
    }

    @Test
    void resultsReadBackEqual() {
        var result = new InstanceResult(
                StreamRepr.of("out\n".getBytes(UTF_8), false),
                StreamRepr.of("ü".getBytes(UTF_8), true),
                new InstanceResult.State(0, -1, 7, false, false, false, false),
                new InstanceResult.Resources(1.5, 1.5, 0.1, 0.2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 0),
                null);

        assertThat(Json.read(Json.bytes(result), InstanceResult.class)).isEqualTo(result);
        assertThat(Json.text(result)).contains("\"value\":\"w7w=\",\"encoding\":\"base64\",\"truncated\":true");
    }

    @Test
    void malformedJsonSaysWhere() {
        assertThatThrownBy(() -> Json.fields("{\n \"a\": }".getBytes(UTF_8)))
                .isInstanceOfSatisfying(
                        ContreeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessageContaining("line 2, column 7");
    }

    @Test
    void anotherContainerIsRefused() {
        assertThatThrownBy(() -> Json.fields("[1]".getBytes(UTF_8)))
                .isInstanceOf(ContreeException.class)
                .hasMessage("the body is a list; a JSON object is needed");
        assertThatThrownBy(() -> Json.fields(new byte[0])).isInstanceOf(ContreeException.class);
        assertThatThrownBy(() -> Json.fields("{} {}".getBytes(UTF_8))).isInstanceOf(ContreeException.class);
    }

    @Test
    void depthIsBounded() {
        byte[] deep = ("{\"a\":" + "[".repeat(100_000)).getBytes(UTF_8);

        assertThatThrownBy(() -> Json.fields(deep))
                .isInstanceOf(ContreeException.class)
                .hasMessageContaining("depth");
    }

    @Test
    void aBodyOfNullIsNoRequest() {
        for (Class<?> type : List.of(SpawnRequest.class, ImportRequest.class)) {
            assertThatThrownBy(() -> Json.read("null".getBytes(UTF_8), type))
                    .isInstanceOf(ContreeException.class)
                    .hasMessage("the body is null; a JSON object is needed");
        }
    }

    @Test
    void aRequestOfFarTooManyPiecesIsRefused() {
        String many = "[\"a\"" + ",\"a\"".repeat(2_000_000) + "]";
        byte[] json = ("{\"command\":\"x\",\"image\":\"y\",\"args\":" + many + "}").getBytes(UTF_8);

        assertThatThrownBy(() -> Json.readRequest(json, SpawnRequest.class))
                .isInstanceOf(ContreeException.class)
                .hasMessageContaining("exceeds the maximum");
    }

    @Test
    void whatAStreamThrowsIsNotWrapped() {
        var gone = new IOException("gone");
        assertThatThrownBy(() -> Json.write(Map.of("a", 1), new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw gone;
                    }
                }))
                .isSameAs(gone);
    }
}
