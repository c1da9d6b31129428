package io.contree.conformance;

import static io.contree.conformance.Api.json;
import static io.contree.conformance.Api.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.sdk.InvalidRequestException;
import io.contree.sdk.Run;
import io.contree.sdk.RunResult;
import io.contree.sdk.async.AsyncContree;
import io.contree.testkit.LeakChecked;
import io.contree.testkit.Requirements;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Runs that ask for a runtime, of several that one server allows. */
@LeakChecked
class RuntimesIT extends ServerSuite {
    private static final List<String> ALLOWED = List.of("native", "crun", "runsc");

    @BeforeAll
    static void needsThemAll() {
        Requirements.program("crun", "crun");
        Requirements.program("runsc", "runsc");
    }

    @Override
    String[] options() {
        return new String[] {"--runtime", "native", "--runtimes", "crun, runsc", "--memory", "256MiB"};
    }

    private Map<String, Object> request(String script) {
        return new HashMap<>(Map.of("image", box, "command", script, "shell", true));
    }

    private JsonNode init(String operation) throws Exception {
        String events = text(api.get("/operations/" + operation + "/events"));
        return events.lines()
                .filter(line -> line.startsWith("data: ") && line.contains("\"init_pid\""))
                .map(line -> tools.jackson.databind.json.JsonMapper.shared().readTree(line.substring(6)))
                .map(event -> event.has("data") ? event.path("data") : event)
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"native", "crun", "runsc"})
    void theSameCommandRunsWithEachAndEventRecordAndLogSayWhich(String runtime) throws Exception {
        Run run = busybox.shell("id -u; dmesg | grep -c gVisor").runtime(runtime);
        RunResult result = run.execute();
        assertThat(result.stdout()).isEqualTo(runtime.equals("runsc") ? "0\n1\n" : "0\n0\n");
        assertThat(result.runtime()).contains(runtime);
        assertThat(result.image().uuid()).as("it changed nothing").isEqualTo(busybox.uuid());

        String operation = result.operation().uuid().toString();
        assertThat(api.getJson("/operations/" + operation)
                        .at("/metadata/runtime")
                        .asString())
                .isEqualTo(runtime);
        JsonNode init = init(operation);
        assertThat(init.path("runtime").asString()).isEqualTo(runtime);
        assertThat(init.path("isolation").asString()).startsWith(runtime).contains("user namespaces");
        assertThat(Files.readString(home.resolve("server.log")).lines())
                .anyMatch(line -> line.contains(operation) && line.contains("runtime=") && line.contains(runtime));
        try (AsyncContree async = server.connect().async()) {
            assertThat(async.images()
                            .use(box)
                            .command("true")
                            .runtime(runtime)
                            .execute()
                            .get()
                            .runtime())
                    .contains(runtime);
        }
    }

    @Test
    void whoNamesNoneHasTheUsualOne() throws Exception {
        JsonNode record = api.await(api.spawn(request("true")));
        assertThat(record.at("/metadata/runtime").asString()).isEqualTo("native");
        assertThat(init(record.path("uuid").asString()).path("isolation").asString())
                .startsWith("native, ");
        assertThat(contree.whoami().runtimes()).isEqualTo(ALLOWED);
        Map<String, Object> none = request("true");
        none.put("runtime", null);
        assertThat(api.await(api.spawn(none)).at("/metadata/runtime").asString())
                .isEqualTo("native");
    }

    @ParameterizedTest
    @ValueSource(strings = {"runc", "/usr/bin/crun", "../crun", "auto", "Native", "crun "})
    void whatIsNotAllowedIsRefusedWithWhatIs(String runtime) throws Exception {
        Map<String, Object> request = request("true");
        request.put("runtime", runtime);
        HttpResponse<byte[]> refusal = api.post("/instances", request);
        assertThat(refusal.statusCode()).isEqualTo(400);
        assertThat(text(refusal)).contains("runtime is '" + runtime + "'", "native, crun, runsc");
        assertThatThrownBy(() -> busybox.command("true").runtime(runtime).execute())
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("native, crun, runsc");
    }

    @Test
    void whatIsNoNameIsRefused() throws Exception {
        Map<String, Object> request = request("true");
        request.put("runtime", Map.of("name", "crun"));
        assertThat(api.post("/instances", request).statusCode()).isEqualTo(400);
        request.put("runtime", "x".repeat(100_000));
        assertThat(text(api.post("/instances", request)))
                .contains("native, crun, runsc")
                .hasSizeLessThan(1000);
    }

    @Test
    void aRuntimeWithoutNetworksIsRefusedOneAndOtherwiseHasNone() throws Exception {
        Map<String, Object> request = request("ip -4 -o addr show | grep -v ' lo ' | wc -l");
        request.put("runtime", "runsc");
        assertThat(json(api.post("/instances", request))
                        .at("/networking/enabled")
                        .asBoolean())
                .isFalse();
        request.put("networking", Map.of("enabled", true));
        HttpResponse<byte[]> refusal = api.post("/instances", request);
        assertThat(refusal.statusCode()).isEqualTo(400);
        assertThat(text(refusal)).contains("networking.enabled", "runsc");
    }

    @Test
    void theRunCacheTellsThemApart() {
        Run run = busybox.shell("head -c 16 /dev/urandom | md5sum")
                .networking(false)
                .cache();
        Map<String, RunResult> first = new HashMap<>();
        for (String runtime : ALLOWED) {
            first.put(runtime, run.runtime(runtime).execute());
            assertThat(first.get(runtime).cachedFrom()).as(runtime).isEmpty();
        }
        for (String runtime : ALLOWED) {
            RunResult again = run.runtime(runtime).execute();
            assertThat(again.cachedFrom())
                    .contains(first.get(runtime).operation().uuid());
            assertThat(again.runtime()).contains(runtime);
        }
        assertThat(run.execute().cachedFrom())
                .contains(first.get("native").operation().uuid());
    }

    @Test
    void sideBySideEachHasIdsAndAnAddressOfItsOwn() throws Exception {
        boolean networked = contree.whoami().limits().getOrDefault("instance_networking", 0L) == 1;
        List<Callable<RunResult>> runs = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            String runtime = ALLOWED.get(i % 8 == 7 ? 2 : i % 2);
            int number = i;
            runs.add(() -> busybox.shell(
                            "echo " + number + " > /n; cat /proc/self/uid_map; ip -4 -o addr show eth0; sleep 2")
                    .runtime(runtime)
                    .execute());
        }
        Set<String> images = new HashSet<>();
        Map<String, List<RunResult>> byRuntime = new HashMap<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<RunResult>> results = threads.invokeAll(runs);
            for (int i = 0; i < results.size(); i++) {
                RunResult result = results.get(i).get();
                assertThat(result.exitCode()).as(result.stderr()).isZero();
                assertThat(result.image().readText("/n")).isEqualTo(i + "\n");
                images.add(result.image().uuid().toString());
                byRuntime
                        .computeIfAbsent(result.runtime().orElseThrow(), _ -> new ArrayList<>())
                        .add(result);
            }
        }
        assertThat(images).hasSize(32);
        assertThat(byRuntime.keySet()).containsExactlyInAnyOrderElementsOf(ALLOWED);
        for (String runtime : List.of("native", "crun")) {
            assertThat(byRuntime.get(runtime))
                    .allSatisfy(result ->
                            assertThat(result.stdout().contains("inet ")).isEqualTo(networked));
        }
    }
}
