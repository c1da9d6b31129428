package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The records of operations in each of their states, on a server that runs one at a time. */
class OperationsProtocolIT extends ServerSuite {
    private static final Set<String> SUMMARY =
            Set.of("uuid", "kind", "status", "error", "created_at", "duration", "result_image_uuid");
    private static final Set<String> INSTANCE = Set.of(
            "command",
            "image",
            "args",
            "shell",
            "env",
            "preserve_env",
            "cwd",
            "uid",
            "gid",
            "hostname",
            "disposable",
            "stdin",
            "files",
            "timeout",
            "truncate_output_at",
            "result");
    private static final Set<String> NULLABLE = Set.of(
            "/error",
            "/result_image_uuid",
            "/result",
            "/result/image",
            "/result/tag",
            "/metadata/result",
            "/metadata/tag");

    @Override
    String[] options() {
        return new String[] {"--max-running", "1"};
    }

    private JsonNode now(String operation) throws Exception {
        return api.getJson("/operations/" + operation + "?inflight=1");
    }

    private static void assertWhole(JsonNode record, String status, Set<String> metadata) {
        assertThat(record.get("status").asString()).as(record.toString()).isEqualTo(status);
        assertThat(record.propertyNames()).containsAll(SUMMARY).contains("metadata", "result");
        assertThat(record.get("metadata").propertyNames()).containsAll(metadata);
        assertThat(nulls(record, "")).isSubsetOf(NULLABLE);
        assertThat(record.get("duration").isNumber()).isTrue();
        assertThat(record.get("result").isNull())
                .isEqualTo(!Set.of("SUCCESS", "FAILED", "CANCELLED").contains(status));
        if (!record.get("result").isNull()) {
            assertThat(record.get("result").propertyNames()).containsExactlyInAnyOrder("image", "tag");
            assertThat(record.at("/result/image")).isEqualTo(record.get("result_image_uuid"));
        }
    }

    private static Set<String> nulls(JsonNode node, String at) {
        Set<String> found = new HashSet<>();
        for (var property : node.properties()) {
            if (property.getValue().isNull()) {
                found.add(at + "/" + property.getKey());
            } else {
                found.addAll(nulls(property.getValue(), at + "/" + property.getKey()));
            }
        }
        return found;
    }

    private void awaitStatus(String operation, String status) throws Exception {
        for (int i = 0; i < 1000 && !now(operation).get("status").asString().equals(status); i++) {
            Thread.sleep(20);
        }
    }

    @Test
    void aRecordIsWholeFromPendingOverExecutingToCancelled() throws Exception {
        String running = api.spawn(Map.of("image", box, "command", "echo so far; sleep 600", "shell", true));
        String waiting = api.spawn(Map.of("image", box, "command", "true"));
        awaitStatus(running, "EXECUTING");
        assertWhole(now(running), "EXECUTING", INSTANCE);
        assertWhole(now(waiting), "PENDING", INSTANCE);
        assertThat(api.getJson("/operations?status=PENDING")).hasSize(1);
        assertThat(api.getJson("/operations?status=EXECUTING&kind=instance")).hasSize(1);
        for (String operation : List.of(waiting, running)) {
            assertThat(api.delete("/operations/" + operation).statusCode()).isEqualTo(202);
            assertWhole(api.await(operation), "CANCELLED", INSTANCE);
        }
    }

    @Test
    void aSuccessHasSixteenResourcesAndSevenStates() throws Exception {
        JsonNode record = api.shell(box, "echo out");
        assertWhole(record, "SUCCESS", INSTANCE);
        JsonNode result = record.at("/metadata/result");
        assertThat(result.get("resources").propertyNames()).hasSize(16);
        assertThat(result.get("resources").valueStream()).allMatch(JsonNode::isNumber);
        assertThat(result.get("state").propertyNames()).hasSize(7);
        assertThat(record.at("/metadata/stdin").propertyNames()).contains("value", "encoding", "truncated");
        assertThat(record.get("consumed_cpu").isNumber()).isTrue();
    }

    @Test
    void importsHaveTheKeysThatTellThemFromRuns() throws Exception {
        JsonNode record = api.importRecord("rootfs:" + root, "again:1");
        assertWhole(record, "SUCCESS", Set.of("registry", "tag", "timeout"));
        assertThat(record.get("kind").asString()).isEqualTo("image_import");
        assertThat(record.get("metadata").propertyNames()).containsExactlyInAnyOrder("registry", "tag", "timeout");
        assertThat(record.at("/metadata/registry").propertyNames()).containsExactly("url");
        assertThat(record.at("/result/tag").asString()).isEqualTo("again:1");
        assertWhole(api.importRecord("rootfs:/no/such", "never:1"), "FAILED", Set.of("registry", "tag", "timeout"));
    }

    @Test
    void summariesAreABareArrayInTheWordsOfTheEnums() throws Exception {
        api.await(api.spawn(Map.of("image", box, "command", "no-such-program")));
        JsonNode list = api.getJson("/operations");
        assertThat(list.isArray()).isTrue();
        assertThat(list.valueStream()).allSatisfy(summary -> {
            assertThat(summary.propertyNames()).containsAll(SUMMARY).doesNotContain("metadata", "result");
            assertThat(summary.get("kind").asString()).isIn("instance", "image_import");
        });
        assertThat(api.get("/operations?kind=other").statusCode()).isEqualTo(400);
    }

    @Test
    void anEndThatIsTheCommandsOwnIsASuccessWithAnImage() throws Exception {
        JsonNode failing = api.shell(box, "echo kept > /kept; exit 3");
        assertWhole(failing, "SUCCESS", INSTANCE);
        assertThat(failing.at("/metadata/result/state/exit_code").asInt()).isEqualTo(3);
        assertThat(api.read(failing.at("/result/image").asString(), "/kept"))
                .asString()
                .isEqualTo("kept\n");
        assertThat(api.shell(box, "exit 1").at("/result/image").asString()).isEqualTo(box);
    }

    @Test
    void aDisposableRunHasNoImageAndNeitherHaveFailedOnes() throws Exception {
        JsonNode disposable =
                api.await(api.spawn(Map.of("image", box, "command", "echo x > /x", "shell", true, "disposable", true)));
        assertWhole(disposable, "SUCCESS", INSTANCE);
        assertThat(disposable.at("/result/image").isNull()).isTrue();
        JsonNode failed = api.await(api.spawn(Map.of("image", box, "command", "/etc/passwd")));
        assertWhole(failed, "FAILED", INSTANCE);
        assertThat(failed.at("/result/image").isNull()).isTrue();
        assertThat(failed.get("error").asString()).startsWith("spawn failed: ");
    }
}
