package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.sdk.Contree;
import io.contree.sdk.Image;
import io.contree.sdk.ImageQuery;
import io.contree.sdk.NotFoundException;
import io.contree.server.Administration;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Tokens, projects, their limits, and images that are public: on a server that runs while its operator works beside it. */
class AccessIT extends ServerSuite {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Administration.LimitChange UNLIMITED = new Administration.LimitChange(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    private static final Pattern PATH = Pattern.compile("^  (/\\S*):$");
    private static final Pattern METHOD = Pattern.compile("^    (get|head|post|put|patch|delete):$");

    private String token(String project, String... without) {
        try (Administration operator = Administration.open(server.data())) {
            Set<String> permissions = new LinkedHashSet<>(Administration.permissions());
            permissions.removeAll(Set.of(without));
            return operator.createToken(Optional.of(project), permissions, Optional.empty())
                    .token();
        }
    }

    private Api in(String project, String... without) {
        return new Api(server.uri(), token(project, without));
    }

    private void project(String name, Administration.LimitChange limits) {
        try (Administration operator = Administration.open(server.data())) {
            operator.createProject(name, limits);
        }
    }

    /** Method and path of all routes, from the description that is tested to have them all. */
    private static List<String[]> routes() throws Exception {
        List<String[]> routes = new ArrayList<>();
        String path = "";
        for (String line : Files.readAllLines(Path.of("../api/openapi.yaml"))) {
            Matcher at = PATH.matcher(line);
            Matcher method = METHOD.matcher(line);
            if (at.matches()) {
                path = at.group(1);
            } else if (method.matches()) {
                routes.add(new String[] {method.group(1).toUpperCase(java.util.Locale.ROOT), path});
            }
        }
        assertThat(routes).hasSizeGreaterThan(20);
        return routes;
    }

    @Test
    void noRouteShowsOrChangesWhatIsAnotherProjects() throws Exception {
        project("stranger", UNLIMITED);
        Api stranger = in("stranger");
        JsonNode file = JSON.readTree(api.send(
                        "POST",
                        "/files",
                        "secret".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        "application/octet-stream")
                .body());
        String running = api.spawn(Map.of("image", box, "command", "sleep", "args", List.of("60")));
        try {
            for (String[] route : routes()) {
                if (Set.of("GET /whoami", "GET /usage", "POST /gc", "POST /images/import", "POST /files")
                        .contains(route[0] + " " + route[1])) {
                    continue; // they name nothing that anybody owns
                }
                String path = route[1].replace("{id}", running)
                        .replace("{sha256}", file.get("sha256").asString())
                        .replace("{spid}", "1")
                        .replace("{uuid}", box)
                        .replace("{other}", box);
                HttpResponse<byte[]> answer =
                        stranger.send(route[0], path + query(path), body(route[0], path), "application/json");
                assertForeign(route[0] + " " + path, path, answer);
            }
            assertThat(stranger.get("/files?sha256=" + file.get("sha256").asString())
                            .statusCode())
                    .isEqualTo(404);
            Map<String, Object> placed = Map.of("uuid", file.get("uuid").asString());
            assertThat(stranger.post(
                                    "/instances",
                                    Map.of("image", "tag:box:1", "command", "true", "files", Map.of("/f", placed)))
                            .statusCode())
                    .isEqualTo(404);
            assertThat(api.getJson("/operations/" + running + "?inflight=1")
                            .get("status")
                            .asString())
                    .isNotIn("CANCELLED", "FAILED", "SUCCESS");
            assertThat(api.getJson("/images?tag=box:1").get("images")).isNotEmpty();
        } finally {
            api.send("DELETE", "/operations/" + running, new byte[0], "");
        }
    }

    private String query(String path) {
        return path.equals("/inspect/") || path.endsWith("/tag")
                ? "?tag=box:1"
                : "?path=/etc/passwd&pattern=x&from=" + box;
    }

    private byte[] body(String method, String path) {
        if (!method.equals("POST") && !method.equals("PATCH")) {
            return new byte[0];
        }
        return JSON.writeValueAsBytes(
                switch (path.substring(path.lastIndexOf('/'))) {
                    case "/tag" -> Map.of("tag", "stolen:1");
                    case "/labels" -> Map.of("note", "stolen");
                    default -> Map.of("image", box, "command", "true", "value", "x");
                });
    }

    private static void assertForeign(String what, String path, HttpResponse<byte[]> answer) {
        if (what.equals("HEAD /files")) {
            assertThat(answer.body()).isEmpty();
            return;
        }
        if (answer.statusCode() == 200
                && List.of("/images", "/files", "/operations").contains(path)) {
            JsonNode list = JSON.readTree(answer.body());
            assertThat(list.isArray() ? list : list.iterator().next()).as(what).isEmpty();
        } else if (answer.statusCode() != 307 && !path.contains("openapi")) {
            assertThat(answer.statusCode()).as(what + ": " + Api.text(answer)).isEqualTo(404);
        }
    }

    @Test
    void whatATokenLacksIsForbidden() throws Exception {
        Map<String, Object> run = Map.of("image", box, "command", "true");
        assertThat(in("default", "spawn").post("/instances", run).statusCode()).isEqualTo(403);
        assertThat(in("default", "spawn_disposable")
                        .post("/instances", Map.of("image", box, "command", "true", "disposable", true))
                        .statusCode())
                .isEqualTo(403);
        assertThat(in("default", "import")
                        .post("/images/import", Map.of("registry", Map.of("url", "rootfs:/nothing")))
                        .statusCode())
                .isEqualTo(403);
        assertThat(in("default", "set_image_tag")
                        .send("DELETE", "/images/" + box + "/tag?tag=box:1", new byte[0], "")
                        .statusCode())
                .isEqualTo(403);
        assertThat(in("default", "cancel")
                        .send("DELETE", "/operations/" + box, new byte[0], "")
                        .statusCode())
                .isEqualTo(403);
        Api blind = in("default", "list");
        assertThat(blind.get("/images").statusCode()).isEqualTo(403);
        assertThat(blind.getJson("/whoami").at("/permissions/list").asBoolean()).isFalse();
        assertThat(blind.getJson("/whoami").at("/permissions/spawn").asBoolean())
                .isTrue();
    }

    @Test
    void aRevokedTokenEndsAtOnce() throws Exception {
        Api doomed = in("default");
        String token = doomed.getJson("/whoami").get("token_uuid").asString();
        try (Administration operator = Administration.open(server.data())) {
            operator.revokeToken(UUID.fromString(token));
        }
        assertThat(doomed.get("/whoami").statusCode()).isEqualTo(401);
    }

    @Test
    void limitsOfAProjectHold() throws Exception {
        project(
                "limited",
                new Administration.LimitChange(
                        Optional.of(30), Optional.of(1), Optional.of(40), Optional.of(2), Optional.empty()));
        Api limited = in("limited");
        JsonNode limits = limited.getJson("/whoami").get("limits");
        assertThat(limits.get("instance_max_timeout").asInt()).isEqualTo(30);
        assertThat(limits.get("instance_max_concurrency").asInt()).isEqualTo(1);
        assertThat(limits.get("images_import_max_timeout").asInt()).isEqualTo(40);
        assertThat(limits.get("images_import_max_concurrency").asInt()).isEqualTo(2);

        String image = limited.importImage("rootfs:" + root, "mine:1");
        String first =
                limited.spawn(Map.of("image", image, "command", "sleep", "args", List.of("60"), "timeout", 3600));
        assertThat(limited.getJson("/operations/" + first + "?inflight=1")
                        .at("/metadata/timeout")
                        .asInt())
                .isEqualTo(30);
        HttpResponse<byte[]> second = limited.post("/instances", Map.of("image", image, "command", "true"));
        assertThat(second.statusCode()).as(Api.text(second)).isEqualTo(429);
        assertThat(second.headers().firstValueAsLong("Retry-After").orElseThrow())
                .isPositive();
        assertThat(limited.getJson("/operations")).hasSize(2);
        after(busybox, "true");
        limited.send("DELETE", "/operations/" + first, new byte[0], "");
        limited.await(first);
        limited.imageAfter(image, "true");
    }

    @Test
    void aPublicImageIsEverybodysUntilItIsShadowedOrTakenBack() throws Exception {
        project("reader", UNLIMITED);
        Image shown = after(busybox, "echo public > /public").tagAs("shown:1");
        try (Administration operator = Administration.open(server.data());
                Contree reader = Contree.builder()
                        .baseUrl(server.uri().toString())
                        .token(token("reader"))
                        .build()) {
            assertThat(operator.publish(Optional.empty(), "shown:1"))
                    .hasToString(shown.uuid().toString());
            assertThat(listed(reader)).isEqualTo(shown.uuid());
            assertThat(in("reader")
                            .getJson("/inspect/" + shown.uuid() + "/")
                            .get("operation_uuid")
                            .isNull())
                    .as("what produced it is its owner's")
                    .isTrue();
            assertThat(reader.images().use(shown.uuid()).readText("/public")).isEqualTo("public\n");
            Image own = after(reader.images().use("shown:1"), "echo own > /own").tagAs("shown:1");
            assertThat(listed(reader)).isEqualTo(own.uuid());
            own.untag("shown:1");
            assertThat(listed(reader)).isEqualTo(shown.uuid());
            operator.unpublish("shown:1");
            assertThatThrownBy(() -> reader.images().find(shown.uuid().toString()))
                    .isInstanceOf(NotFoundException.class);
            assertThat(own.readText("/public")).isEqualTo("public\n");
        }
    }

    private static UUID listed(Contree contree) {
        return contree.images()
                .list(ImageQuery.all().tagPrefix("shown:1"))
                .findFirst()
                .orElseThrow()
                .uuid();
    }
}
