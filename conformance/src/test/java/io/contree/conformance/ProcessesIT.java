package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What the processes of a run get, and what they leave, as users of docker expect it. */
class ProcessesIT extends SubprocessSuite {
    // What "exec > >(tee /log)" is to a shell that has no process substitution.
    private static final String TEE =
            "mkfifo /tmp/p; (sleep 0.2; exec tee /log) < /tmp/p & exec > /tmp/p; rm /tmp/p; seq 3000; ";
    private static final String LINES =
            IntStream.rangeClosed(1, 3000).mapToObj(i -> i + "\n").collect(Collectors.joining());
    private static final String WHO = "echo $(id -u):$(id -g) $(id -G) $HOME ${USER-none}";

    private JsonNode run(Map<String, ?> fields) throws Exception {
        Map<String, Object> request = new HashMap<>(Map.of("image", box, "shell", true));
        request.putAll(fields);
        JsonNode record = api.await(api.spawn(request));
        assertThat(record.get("status").asString()).as(record.toString()).isEqualTo("SUCCESS");
        return record;
    }

    private String text(String image, String path) throws Exception {
        return new String(api.read(image, path), StandardCharsets.UTF_8);
    }

    private static String stdout(JsonNode record) {
        return record.at("/metadata/result/stdout/value").asString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"exit 3", "kill -9 $$", "while :; do :; done"})
    void theLastLinesAreInTheOutputAndInTheFileHoweverARunEnds(String end) throws Exception {
        JsonNode record = run(Map.of("command", TEE + end, "timeout", end.contains("while") ? 2 : 60));

        assertThat(stdout(record)).isEqualTo(LINES);
        assertThat(text(record.at("/result/image").asString(), "/log")).isEqualTo(LINES);
        assertThat(record.at("/metadata/result/state/timed_out").asBoolean()).isEqualTo(end.contains("while"));
    }

    @Test
    void theLastLinesOfASubprocessAreThereToo() throws Exception {
        String operation = sleeper();
        int spid = shell(operation, TEE);
        assertThat(result(operation, spid).at("/stdout/value").asString()).isEqualTo(LINES);
        String image = end(operation).at("/result/image").asString();
        assertThat(text(image, "/log")).isEqualTo(LINES);
    }

    @Test
    void aDaemonDoesNotHoldARunAndIsAskedToGo() throws Exception {
        for (String streams : List.of("", "</dev/null >/dev/null 2>&1")) {
            String daemon = "(trap 'echo gone > /gone; exit' TERM; echo up > /up; while :; do sleep 0.1; done) "
                    + streams + " & while [ ! -e /up ]; do sleep 0.05; done";
            JsonNode record = run(Map.of("command", daemon, "timeout", 600));
            assertThat(text(record.at("/result/image").asString(), "/gone")).isEqualTo("gone\n");
            assertThat(record.at("/metadata/result/state/exit_code").asInt()).isZero();
        }
    }

    @Test
    void inputThatNobodyGivesIsTheNullDevice() throws Exception {
        String show = "readlink /proc/self/fd/0; cat";
        assertThat(stdout(run(Map.of("command", show)))).isEqualTo("/dev/null\n");
        Map<String, Object> empty = Map.of("value", "", "encoding", "ascii", "truncated", false);
        assertThat(stdout(run(Map.of("command", show, "stdin", empty)))).isEqualTo("/dev/null\n");
        assertThat(stdout(run(Map.of("command", show, "stdin", Map.of("value", "text")))))
                .matches("pipe:\\[\\d+]\ntext");
        String operation = sleeper();
        int without = shell(operation, show);
        int with = created(operation, Map.of("command", show, "shell", true, "stdin", OPEN));
        assertThat(write(operation, with, "later".getBytes(StandardCharsets.UTF_8), true))
                .isEqualTo(204);
        assertThat(result(operation, without).at("/stdout/value").asString()).isEqualTo("/dev/null\n");
        assertThat(result(operation, with).at("/stdout/value").asString()).matches("pipe:\\[\\d+]\nlater");
        end(operation);
    }

    private String imageWithUsers() throws Exception {
        String script = "printf 'root:x:0:0::/root:\\ndev:x:1000:1001::/home/dev:/bin/sh\\n' > /etc/passwd;"
                + " printf 'adm:x:4:dev\\nsudo:x:27:dev\\n' > /etc/group";
        return run(Map.of("command", script)).at("/result/image").asString();
    }

    @Test
    void aUserIsWhoTheImageSays() throws Exception {
        String image = imageWithUsers();
        String operation = api.spawn(Map.of("image", image, "command", "sleep 1000", "shell", true, "timeout", 300));
        Map<Map<String, ?>, String> expected = Map.of(
                Map.of("uid", 1000), "1000:1001 1001 4 27 /home/dev dev\n",
                Map.of("uid", 1000, "gid", 33), "1000:33 33 4 27 /home/dev dev\n",
                Map.of("uid", 0, "gid", 0), "0:0 0 /root root\n",
                Map.of("user", "dev"), "1000:1001 1001 4 27 /home/dev dev\n",
                Map.of("user", "dev:sudo"), "1000:27 27 /home/dev dev\n",
                Map.of("user", "1000:1001"), "1000:1001 1001 /home/dev dev\n",
                Map.of("user", "7", "uid", 0, "gid", 0), "7:0 0 / none\n",
                Map.of("uid", 1000, "env", Map.of("HOME", "/mine", "USER", "me")), "1000:1001 1001 4 27 /mine me\n",
                Map.of(), "0:0 0 /root root\n");
        for (Map.Entry<Map<String, ?>, String> each : expected.entrySet()) {
            Map<String, Object> fields = new HashMap<>(each.getKey());
            fields.putAll(Map.of("command", WHO, "shell", true, "image", image));
            assertThat(stdout(run(fields))).as(fields.toString()).isEqualTo(each.getValue());
            int spid = created(operation, fields);
            assertThat(result(operation, spid).at("/stdout/value").asString())
                    .as(fields.toString())
                    .isEqualTo(each.getValue());
        }
        end(operation);
    }

    @Test
    void theImagesOwnVariablesGoBeforeItsPasswd() throws Exception {
        String image = run(Map.of(
                        "image",
                        imageWithUsers(),
                        "command",
                        "true",
                        "env",
                        Map.of("HOME", "/kept"),
                        "preserve_env",
                        true))
                .at("/result/image")
                .asString();
        Map<String, Object> asDev = Map.of("image", image, "uid", 1000, "command", WHO);

        assertThat(stdout(run(asDev))).isEqualTo("1000:1001 1001 4 27 /kept dev\n");
    }

    @Test
    void theRecordAndTheEventsSayWhoItWas() throws Exception {
        JsonNode record = run(Map.of("image", imageWithUsers(), "command", "true", "user", "dev:27"));

        assertThat(record.at("/metadata/user").asString()).isEqualTo("dev:27");
        assertThat(record.at("/metadata/gid").asInt()).isEqualTo(27);
        assertThat(Api.text(api.get("/operations/" + record.get("uuid").asString() + "/events")))
                .contains("\"user\":\"dev:27\"", "\"uid\":1000,\"gid\":27");
        assertThat(run(Map.of("command", "true")).at("/metadata").has("user")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "dev, 'user dev: not in /etc/passwd of the image'",
        "root:wheel, 'group wheel: not in /etc/group of the image'",
    })
    void whoIsNotInTheImageCannotRun(String user, String problem) throws Exception {
        JsonNode record = api.await(api.spawn(Map.of("image", box, "command", "true", "user", user)));

        assertThat(record.get("status").asString()).isEqualTo("FAILED");
        assertThat(record.get("error").asString()).startsWith("spawn failed: " + problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {":", "a:b:c", "a\nb", "2147483648", "0:99999999999"})
    void whatIsNoUserIsRefused(String user) throws Exception {
        HttpResponse<byte[]> answer = api.post("/instances", Map.of("image", box, "command", "true", "user", user));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(Api.text(answer)).contains("user", "allowed is");
        assertThat(api.post("/instances", Map.of("image", box, "command", "true", "user", "dev", "uid", 5))
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void aShellTextMayBeLongerThanAnArgument() throws Exception {
        String text = "x=0 # " + "€".repeat(250_000) + "\necho \"$0 $# $x\"; read line || echo no input; exit 5";
        JsonNode record = run(Map.of("command", text));

        assertThat(stdout(record)).isEqualTo("/bin/sh 0 0\nno input\n");
        assertThat(record.at("/metadata/result/state/exit_code").asInt()).isEqualTo(5);
        Map<String, Object> further =
                Map.of("command", "printf %s", "args", List.of("y".repeat(300_000)), "shell", true);
        String operation = sleeper();
        int spid = created(operation, further);
        assertThat(result(operation, spid).at("/stdout/value").asString()).hasSize(300_000);
        end(operation);
    }

    @Test
    void oneArgumentOrVariableMayNotAndTheAnswerSaysWhich() throws Exception {
        Map<String, ?> argument = Map.of("image", box, "command", "echo", "args", List.of("a", "x".repeat(131_072)));
        Map<String, ?> variable = Map.of("image", box, "command", "env", "env", Map.of("BIG", "x".repeat(131_072)));
        assertThat(Api.text(api.post("/instances", argument))).contains("args[1] has 131072 bytes", "at most 131071");
        assertThat(Api.text(api.post("/instances", variable))).contains("env.BIG has 131076 bytes", "at most 131071");
        String operation = sleeper();
        assertThat(create(operation, argument).statusCode()).isEqualTo(400);
        end(operation);
    }

    @Test
    void everyUserHasPortsBelow1024AndPingAndIpv6OnLoopback() throws Exception {
        String script = "nc -l -p 81 -e echo listens & until nc -w 1 127.0.0.1 81 2>/dev/null; do sleep 0.05; done;"
                + " cat /proc/sys/net/ipv4/ping_group_range; grep -c '^::1' /etc/hosts; cat /proc/net/if_inet6 | wc -l";
        assertThat(stdout(run(Map.of("command", script, "uid", 1000)))).isEqualTo("listens\n0\t2147483647\n1\n1\n");
    }
}
