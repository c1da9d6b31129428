package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What a run does to itself ends in a true state, and the next run does not notice. */
class LimitsIT extends ServerSuite {
    private static final String RUN = "/metadata/result";

    @Override
    String[] options() {
        return new String[] {"--memory", "256MiB", "--pids", "256"};
    }

    @AfterEach
    void theNextRunIsNotDisturbed() throws Exception {
        JsonNode next = api.shell(box, "echo fine");
        assertThat(next.at(RUN + "/stdout/value").asString()).isEqualTo("fine\n");
    }

    @Test
    void twoHundredMegabytesOfOutputAreTruncatedAndMemoryStaysFlat() throws Exception {
        api.shell(box, "head -c 20000000 /dev/zero");
        long before = server.residentKib();
        JsonNode record = api.await(api.spawn(Map.of(
                "image", box, "command", "head -c 200000000 /dev/zero", "shell", true, "truncate_output_at", 5000)));
        assertThat(record.get("status").asString()).isEqualTo("SUCCESS");
        assertThat(record.at(RUN + "/stdout/truncated").asBoolean()).isTrue();
        assertThat(record.at(RUN + "/stderr/truncated").asBoolean()).isFalse();
        assertThat(java.util.Base64.getDecoder()
                        .decode(record.at(RUN + "/stdout/value").asString()))
                .hasSize(5000);
        JsonNode largest = api.await(api.spawn(Map.of(
                "image",
                box,
                "command",
                "head -c 200000000 /dev/zero",
                "shell",
                true,
                "truncate_output_at",
                10 << 20)));
        assertThat(java.util.Base64.getDecoder()
                        .decode(largest.at(RUN + "/stdout/value").asString()))
                .hasSize(10 << 20);
        assertThat(server.residentKib() - before).as("growth in KiB").isLessThan(150_000);
    }

    @Test
    void aForkBombEnds() throws Exception {
        JsonNode record = api.await(api.spawn(
                Map.of("image", box, "command", "b() { b | b & }; b; sleep 60", "shell", true, "timeout", 3)));
        assertThat(record.get("status").asString()).isEqualTo("SUCCESS");
        assertThat(record.at(RUN + "/state/exit_code").asInt() != 0
                        || record.at(RUN + "/state/timed_out").asBoolean())
                .as(record.toString())
                .isTrue();
    }

    @Test
    void aMemoryHogIsKilled() throws Exception {
        JsonNode record = api.shell(box, "exec tail /dev/zero");
        assertThat(record.get("status").asString()).isEqualTo("SUCCESS");
        assertThat(record.at(RUN + "/state/signal").asInt())
                .as(record.toString())
                .isEqualTo(9);
    }

    @Test
    void anHourOfSleepWithATimeoutOfTwoSecondsTimesOutAndKeepsItsState() throws Exception {
        JsonNode record = api.await(api.spawn(
                Map.of("image", box, "command", "echo before > /before; sleep 3600", "shell", true, "timeout", 2)));
        assertThat(record.get("status").asString()).isEqualTo("SUCCESS");
        assertThat(record.at(RUN + "/state/timed_out").asBoolean()).isTrue();
        assertThat(record.get("duration").asDouble()).isBetween(1.9, 20.0);
        assertThat(api.read(record.at("/result/image").asString(), "/before"))
                .isEqualTo("before\n".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aFullSharedMemoryIsTheProcesssOwnProblem() throws Exception {
        JsonNode record = api.shell(box, "head -c 300000000 /dev/zero > /dev/shm/fill");
        assertThat(record.at(RUN + "/state/exit_code").asInt() != 0
                        || record.at(RUN + "/state/signal").asInt() == 9)
                .as(record.toString())
                .isTrue();
    }

    @Test
    void cancelEndsARunInAnyState() throws Exception {
        String running = api.spawn(Map.of("image", box, "command", "trap '' TERM INT; sleep 3600", "shell", true));
        assertThat(api.send("DELETE", "/operations/" + running, new byte[0], "").statusCode())
                .isEqualTo(202);
        JsonNode record = api.await(running);
        assertThat(record.get("status").asString()).isEqualTo("CANCELLED");
        assertThat(record.get("result_image_uuid").isNull()).isTrue();
        assertThat(api.send("DELETE", "/operations/" + running, new byte[0], "").statusCode())
                .isEqualTo(409);
    }
}
