package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** What a run may be asked for, in the words of every generation of clients, and what then happens. */
class SpawnProtocolIT extends SharedServerSuite {
    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonNode run(Object... fields) throws Exception {
        Map<String, Object> request = new HashMap<>(Map.of("image", box));
        for (int i = 0; i < fields.length; i += 2) {
            request.put((String) fields[i], fields[i + 1]);
        }
        JsonNode record = api.await(api.spawn(request));
        assertThat(record.get("status").asString()).as(record.toString()).isEqualTo("SUCCESS");
        return record;
    }

    private static String stdout(JsonNode record) {
        assertThat(record.at("/metadata/result/stderr/value").asString()).isEmpty();
        return record.at("/metadata/result/stdout/value").asString().strip();
    }

    private static String image(JsonNode record) {
        return record.at("/result/image").asString();
    }

    /** Requests as captured by field from clients of 2025 to now; each prints {@code hello}. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                // contree-sdk 0.1 to 0.3
                """
                {"command":"echo","args":["hello"],"shell":false,"env":{},"cwd":"","hostname":"hostname",
                 "stdin":{"value":"","encoding":"ascii","truncated":false},"files":{},"timeout":600,"disposable":true,
                 "truncate_output_at":65535}""",
                // contree-mcp: the whole model, with what it has no value for
                """
                {"command":"echo hello","args":[],"shell":true,"env":{"UNSET":null},"cwd":"/root","hostname":"linuxkit",
                 "stdin":{"value":"","encoding":"ascii","truncated":false},"files":{},"timeout":30,"disposable":true,
                 "truncate_output_at":8000,"result":null,"uid":0,"gid":0}""",
                // contree-cli -I: a shell that reads its script, with arguments beside the expression
                """
                {"command":"/bin/sh","args":["-s","--","hello"],"shell":true,
                 "stdin":{"value":"ZWNobyAkMQo=","encoding":"base64"},"truncate_output_at":65536,"timeout":120}""",
                // contree-client 0.4
                """
                {"command":"cat","env":null,"preserve_env":false,"preserve_cwd":false,
                 "stdin":{"value":"hello","close":true},"resources_limits":{"max_layer_bytes":1073741824},
                 "networking":{"enabled":false}}""",
                // nulls for whatever is not said, and what nobody knows yet
                """
                {"command":"echo hello","shell":true,"args":null,"env":null,"cwd":null,"uid":null,"gid":null,"hostname":null,
                 "stdin":null,"files":null,"timeout":null,"truncate_output_at":null,"disposable":null,"preserve_env":null,
                 "preserve_cwd":null,"resources_limits":null,"networking":null,"priority":"high"}""",
            })
    void everyHistoricalRequestIsTaken(String request) throws Exception {
        Map<String, Object> fields = new HashMap<>(JSON.readValue(request, Map.class));
        fields.put("image", "tag:box:1");
        HttpResponse<byte[]> answer = api.post("/instances", fields);
        assertThat(answer.statusCode()).as(Api.text(answer)).isEqualTo(201);
        JsonNode echo = Api.json(answer);
        assertThat(answer.headers().firstValue("Location"))
                .contains("/v1/operations/" + echo.get("uuid").asString());
        assertThat(echo.get("image").asString()).isEqualTo(box);
        assertThat(echo.get("env").isObject()).isTrue();
        assertThat(stdout(api.await(echo.get("uuid").asString()))).isEqualTo("hello");
    }

    @Test
    void theArgumentsOfAShellExpressionAreQuoted() throws Exception {
        assertThat(stdout(run("command", "printf '%s|'", "shell", true, "args", List.of("a b", "$HOME", "it's"))))
                .isEqualTo("a b|$HOME|it's|");
    }

    @Test
    void aCommandWithSpacesIsOneProgramsNameWithoutAShell() throws Exception {
        JsonNode record = api.await(api.spawn(Map.of("image", box, "command", "echo hello")));
        assertThat(record.get("status").asString()).isEqualTo("FAILED");
        assertThat(record.get("error").asString()).startsWith("spawn failed");
    }

    @Test
    void preservedEnvironmentIsSeenByLaterShellsOnly() throws Exception {
        Map<String, String> env = new HashMap<>(Map.of("A", "1", "B", "2", "C", "3"));
        String kept = image(run("command", "true", "env", env, "preserve_env", true));
        assertThat(kept).isNotEqualTo(box);
        assertThat(stdout(run("image", kept, "command", "echo $A-$B-$C", "shell", true, "env", Map.of("B", "9"))))
                .isEqualTo("1-9-3");
        assertThat(stdout(run("image", kept, "command", "env"))).doesNotContain("A=1");
        Map<String, Object> without = new HashMap<>(Map.of("A", "", "C", "4"));
        without.put("B", null);
        String changed = image(run("image", kept, "command", "true", "env", without, "preserve_env", true));
        assertThat(stdout(run("image", changed, "command", "echo ${A-none}-${B-none}-$C", "shell", true)))
                .isEqualTo("none-none-4");
        assertThat(stdout(run("image", changed, "command", "echo $C", "shell", true, "env", Map.of("C", "once"))))
                .isEqualTo("once");
        assertThat(stdout(run("image", changed, "command", "echo $C", "shell", true)))
                .isEqualTo("4");
    }

    @Test
    void thePreservedWorkingDirectoryIsTheOneTheRunBeganIn() throws Exception {
        String kept = image(run("command", "cd /tmp; pwd", "shell", true, "cwd", "/srv/work", "preserve_cwd", true));
        assertThat(stdout(run("image", kept, "command", "pwd"))).isEqualTo("/srv/work");
        assertThat(stdout(run("image", kept, "command", "pwd", "cwd", ""))).isEqualTo("/srv/work");
        assertThat(stdout(run("image", kept, "command", "pwd", "cwd", "/etc"))).isEqualTo("/etc");
        assertThat(stdout(run("image", kept, "command", "pwd"))).isEqualTo("/srv/work");
        String same = image(run("image", kept, "command", "true", "preserve_cwd", true));
        assertThat(same).isEqualTo(kept);
    }

    @Test
    void aMissingWorkingDirectoryIsMadeAndAnExistingOneLeftAlone() throws Exception {
        JsonNode record = run("command", "pwd; echo here > file", "shell", true, "cwd", "/new/deep/er");
        assertThat(stdout(record)).isEqualTo("/new/deep/er");
        assertThat(api.read(image(record), "/new/deep/er/file")).asString().isEqualTo("here\n");
        assertThat(image(run("command", "true", "cwd", "/etc"))).isEqualTo(box);
        assertThat(stdout(run("command", "pwd"))).isEqualTo("/");
    }

    @Test
    void theHostnameIsTheOneAskedForOrLinuxkit() throws Exception {
        assertThat(stdout(run("command", "hostname", "hostname", "container-name")))
                .isEqualTo("container-name");
        assertThat(stdout(run("command", "hostname"))).isEqualTo("linuxkit");
        assertThat(image(run("command", "true", "hostname", "another"))).isEqualTo(box);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1000, 1001", "33, 0"})
    void theCommandRunsAsTheUserAndGroup(int uid, int gid) throws Exception {
        JsonNode record = run("command", "id -u; id -g; : > /tmp/mine", "shell", true, "uid", uid, "gid", gid);
        assertThat(stdout(record).lines()).containsExactly("" + uid, "" + gid);
        JsonNode mine =
                api.getJson("/inspect/" + image(record) + "/list?path=/tmp").at("/files/0");
        assertThat(List.of(mine.get("uid").asInt(), mine.get("gid").asInt())).isEqualTo(List.of(uid, gid));
    }

    @Test
    void eachStreamIsCutByItself() throws Exception {
        JsonNode result = run(
                        "command",
                        "printf 0123456789; printf err >&2; cat",
                        "shell",
                        true,
                        "truncate_output_at",
                        4,
                        "stdin",
                        Map.of("value", "stdin is never cut"))
                .at("/metadata/result");
        assertThat(result.at("/stdout/value").asString()).isEqualTo("0123");
        assertThat(result.at("/stdout/truncated").asBoolean()).isTrue();
        assertThat(result.at("/stderr/value").asString()).isEqualTo("err");
        assertThat(result.at("/stderr/truncated").asBoolean()).isFalse();
        assertThat(stdout(run(
                        "command",
                        "wc",
                        "args",
                        List.of("-c"),
                        "truncate_output_at",
                        20,
                        "stdin",
                        Map.of("value", "x".repeat(5000)))))
                .isEqualTo("5000");
    }

    @Test
    void moreThanTenMebibytesOfOutputAreAskedForInVain() throws Exception {
        assertThat(run("command", "true", "truncate_output_at", 50_000_000)
                        .at("/metadata/truncate_output_at")
                        .asInt())
                .isEqualTo(10 << 20);
    }

    @Test
    void textForStandardInputIsUtf8() throws Exception {
        JsonNode record = run("command", "cat", "stdin", Map.of("value", "grüß €", "encoding", "ascii"));
        JsonNode stdout = record.at("/metadata/result/stdout");
        assertThat(stdout.get("encoding").asString()).isEqualTo("base64");
        assertThat(java.util.Base64.getDecoder().decode(stdout.get("value").asString()))
                .asString(java.nio.charset.StandardCharsets.UTF_8)
                .isEqualTo("grüß €");
    }

    @Test
    void theShellIsTheOneOfTheEnvironment() throws Exception {
        assertThat(stdout(run("command", "hello", "shell", true, "env", Map.of("SHELL", "/bin/echo"))))
                .isEqualTo("-c hello");
    }

    @Test
    void withoutAShellTheDefaultPathFindsPrograms() throws Exception {
        String environment = stdout(run("command", "env", "env", Map.of("K", "v")));
        assertThat(Arrays.asList(environment.split("\n")))
                .contains("K=v", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    }

    @Test
    void aNetworkIsReportedExactlyWhereThereIsOne() throws Exception {
        JsonNode without = run("command", "true", "networking", Map.of("enabled", false));
        assertThat(events(without)).doesNotContain("event: network").contains("event: completion");
        assumeTrue(
                api.getJson("/whoami").at("/limits/instance_networking").asInt(0) == 1,
                "this machine gives runs no network; contree doctor says why");
        JsonNode with = run("command", "true", "networking", Map.of("enabled", true));
        assertThat(events(with))
                .contains("event: network")
                .contains("\"rx_bytes\":")
                .contains("\"ip4\":");
    }

    private String events(JsonNode record) throws Exception {
        return Api.text(api.get("/operations/" + record.get("uuid").asString() + "/events"));
    }
}
