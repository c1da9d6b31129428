package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.testkit.OpenApi;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * Requests that Schemathesis makes from openapi.yaml, and from answers to earlier ones: none may end in a 5xx, and every
 * answer is as described. {@code -Dcontree.fuzz.examples=400} sends more than ten thousand.
 */
class FuzzIT extends ServerSuite {
    private static final int EXAMPLES = Integer.getInteger("contree.fuzz.examples", 60);
    private static final String CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,"
            + "response_headers_conformance,response_schema_conformance,unsupported_method,allow_header_conformance,"
            + "ignored_auth";

    @Override
    String[] options() {
        return new String[] {"--max-timeout", "2s"};
    }

    @Test
    void everyAnswerIsAsDescribed() throws Exception {
        PythonEnv python = PythonEnv.of("schemathesis==4.32.5");
        Path log = home.resolve("requests");
        PythonEnv.Output output = PythonEnv.run(
                command(python),
                Map.of(
                        "SCHEMATHESIS_HOOKS", "hooks",
                        "PYTHONPATH", home.toString(),
                        "PYTHONIOENCODING", "utf-8",
                        "FUZZ_KNOWN", new ObjectMapper().writeValueAsString(known()),
                        "FUZZ_LOG", log.toString(),
                        "FUZZ_SERVER", server.uri() + "/v1",
                        "FUZZ_TOKEN", server.token()),
                home);

        assertThat(output.exitCode()).as(output.text()).isZero();
        assertThat(server.log()).doesNotContain(" ERROR ");
        List<String> requests = Files.readAllLines(log);
        assertThat(requests).hasSizeGreaterThan(20 * EXAMPLES);
        assertThat(answeredWell(requests))
                .as("operations of openapi.yaml that were reached")
                .containsAll(operations());
    }

    private List<String> command(PythonEnv python) throws IOException {
        copy("/fuzz/hooks.py", home.resolve("hooks.py"));
        copy("/io/contree/api/openapi.yaml", home.resolve("openapi.yaml"));
        return List.of(
                python.program("st").toString(),
                "run",
                "openapi.yaml",
                "--url=" + server.uri() + "/v1",
                "--header=Authorization: Bearer " + server.token(),
                "--checks=" + CHECKS,
                "--max-examples=" + EXAMPLES,
                "--seed=20260101",
                "--generation-database=none",
                "--request-timeout=20",
                "--warnings=off",
                "--no-color");
    }

    /** What hooks.py puts into requests. */
    private Map<String, List<String>> known() throws Exception {
        String run = api.spawn(Map.of("image", box, "command", "echo hi > /hi; cat /etc/group", "shell", true));
        String changed = api.await(run).at("/result/image").asString();
        List<String> uuids = new ArrayList<>();
        List<String> digests = new ArrayList<>();
        for (String text : List.of("a", "bb")) {
            JsonNode file = new ObjectMapper()
                    .readTree(api.send(
                                    "POST", "/files", text.getBytes(StandardCharsets.UTF_8), "application/octet-stream")
                            .body());
            uuids.add(file.get("uuid").asString());
            digests.add(file.get("sha256").asString());
        }
        return Map.of(
                "images", List.of(box, changed),
                "operations", List.of(run),
                "fileUuids", uuids,
                "sha256", digests,
                "root", List.of(root.toString()));
    }

    private static Set<String> answeredWell(List<String> requests) {
        return requests.stream()
                .filter(request -> request.matches(".* [23]\\d\\d"))
                .map(request -> request.substring(0, request.lastIndexOf(' ')))
                .collect(Collectors.toSet());
    }

    private static List<String> operations() {
        List<String> operations = new ArrayList<>();
        OpenApi.get()
                .document()
                .get("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .propertyNames()
                        .forEach(method -> operations.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        operations.removeIf(operation -> operation.startsWith("PARAMETERS "));
        return operations;
    }

    private static void copy(String resource, Path file) throws IOException {
        try (InputStream in = FuzzIT.class.getResourceAsStream(resource)) {
            Files.copy(in, file);
        }
    }
}
