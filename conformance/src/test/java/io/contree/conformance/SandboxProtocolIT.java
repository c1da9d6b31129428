package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What a command finds around itself, and how its end is reported. */
class SandboxProtocolIT extends SharedServerSuite {
    private static final String STATE = "/metadata/result/state";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "test -c /dev/tty && test -c /dev/full && test -c /dev/zero",
                "echo gone > /dev/null && test $(wc -c < /dev/null) = 0",
                "test $(head -c 100 /dev/urandom | wc -c) = 100",
                "test $(head -c 16 /dev/random | wc -c) = 16",
                "echo in | cat /dev/stdin > /dev/stdout",
                "! echo x > /dev/full",
                "test -d /proc/self && test -d /sys",
            })
    void devicesAreReal(String command) throws Exception {
        JsonNode record = api.shell(box, command);
        assertThat(record.at(STATE + "/exit_code").asInt(-1))
                .as(record.toString())
                .isZero();
        assertThat(record.at("/result/image").asString()).isEqualTo(box);
    }

    @Test
    void aCommandOfAnyUserMayReopenItsStreams() throws Exception {
        JsonNode record = api.await(api.spawn(Map.of(
                "image",
                box,
                "command",
                "cat < /dev/stdin > /dev/stdout; echo error > /dev/stderr",
                "shell",
                true,
                "uid",
                1000,
                "gid",
                1000,
                "stdin",
                Map.of("value", "input"))));
        assertThat(record.at("/metadata/result/stdout/value").asString()).isEqualTo("input");
        assertThat(record.at("/metadata/result/stderr/value").asString()).isEqualTo("error\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "cat", "echo", "/bin/true"})
    void programsAreFoundByPath(String program) throws Exception {
        JsonNode record = api.await(api.spawn(Map.of("image", box, "command", program)));
        assertThat(record.at(STATE + "/exit_code").asInt(-1))
                .as(record.toString())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 126, 127, 137, 255})
    void exitCodesArriveAsTheyAre(int code) throws Exception {
        JsonNode state = api.shell(box, "exit " + code).at(STATE);
        assertThat(state.get("exit_code").asInt()).isEqualTo(code);
        assertThat(state.get("signal").asInt()).isEqualTo(-1);
        assertThat(state.get("timed_out").asBoolean()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"KILL, 9", "TERM, 15", "SEGV, 11", "USR1, 10"})
    void aSignalIsReportedByItsNumber(String name, int number) throws Exception {
        JsonNode record = api.shell(box, "kill -" + name + " $$");
        assertThat(record.get("status").asString()).isEqualTo("SUCCESS");
        assertThat(record.at(STATE + "/signal").asInt()).isEqualTo(number);
        assertThat(record.at(STATE + "/exit_code").asInt()).isEqualTo(-1);
    }

    @Test
    void aTimeoutIsASuccessThatSaysSoAndKeepsWhatWasDone() throws Exception {
        JsonNode record = api.await(api.spawn(
                Map.of("image", box, "command", "echo done > /done; sleep 600", "shell", true, "timeout", 1)));
        assertThat(record.get("status").asString()).isEqualTo("SUCCESS");
        assertThat(record.at(STATE + "/timed_out").asBoolean()).isTrue();
        assertThat(api.read(record.at("/result/image").asString(), "/done"))
                .asString()
                .isEqualTo("done\n");
    }

    @Test
    void whatIsNoProgramFailsToSpawn() throws Exception {
        for (String command : List.of("/etc/passwd", "/no/such", "/etc", "no-such")) {
            JsonNode record = api.await(api.spawn(Map.of("image", box, "command", command)));
            assertThat(record.get("status").asString()).as(command).isEqualTo("FAILED");
            assertThat(record.get("error").asString())
                    .startsWith("spawn failed: ")
                    .contains(command);
        }
    }
}
