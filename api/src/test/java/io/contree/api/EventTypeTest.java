package io.contree.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class EventTypeTest {
    @Test
    void namesOnTheWire() {
        assertThat(EventType.SIZE_CAP.wire()).isEqualTo("size_cap");
        assertThat(EventType.values())
                .allSatisfy(type -> assertThat(EventType.of(type.wire())).isEqualTo(type));
        assertThat(Arrays.stream(ShutdownReason.values()).map(ShutdownReason::wire))
                .containsExactly("job_complete", "timeout", "spawn_failed", "signal", "out_of_memory", "other");
        assertThat(ShutdownReason.of("signal")).isEqualTo(ShutdownReason.SIGNAL);
    }

    @Test
    void whatANewerServerSaysKeepsItsName() {
        String json =
                "{\"id\":3,\"ts\":\"2026-01-02T03:04:05.000000+00:00\",\"spid\":1,\"type\":\"freeze\",\"data\":{}}";
        OperationEvent event = Json.read(json.getBytes(StandardCharsets.UTF_8), OperationEvent.class);
        assertThat(event.eventType()).isEqualTo(EventType.OTHER);
        assertThat(event.type()).isEqualTo("freeze");
        assertThat(Json.text(event)).isEqualTo(json);
        assertThat(EventType.of("EXIT")).isEqualTo(EventType.OTHER);
        assertThat(ShutdownReason.of("")).isEqualTo(ShutdownReason.OTHER);
    }
}
