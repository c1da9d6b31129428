package io.contree.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.api.Json;
import io.contree.engine.Caller.Permission;
import io.contree.server.http.exchange.Failures;
import io.contree.testkit.OpenApi;
import io.contree.testkit.RawHttp;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoutingTest {
    private final Fixture fixture = new Fixture();
    private final ApiClient client = fixture.client;

    @AfterEach
    void close() {
        fixture.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/whoami", "/sandboxes/v1/whoami", "/a/b/c/v1/whoami", "//v1/whoami", "/v1/v1/whoami"})
    void anyPrefixBeforeV1IsIgnored(String path) throws Exception {
        assertThat(client.raw("GET", path).statusCode()).isEqualTo(200);
    }

    @Test
    void aSlashAtTheEndCountsForInspectOnly() throws Exception {
        assertThat(client.raw("GET", "/v1/images/").statusCode()).isEqualTo(200);
        assertThat(client.raw("GET", "/v1/whoami/").statusCode()).isEqualTo(200);
        var redirect = client.raw("GET", "/sandboxes/v1/inspect?tag=busybox:latest");
        assertThat(redirect.statusCode()).isEqualTo(307);
        assertThat(redirect.headers().firstValue("Location")).contains("./inspect/?tag=busybox:latest");
        assertThat(client.get("/inspect/" + Fixture.IMAGE).header("Location")).contains("./" + Fixture.IMAGE + "/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"//elsewhere/v1/inspect", "/\\elsewhere/v1/inspect", "///elsewhere/v1/inspect"})
    void noRedirectLeadsToAnotherHost(String path) throws Exception {
        assertThat(RawHttp.ask(fixture.server.uri(), "GET " + path)).contains("Location: ./inspect/\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/v1", "/v1/", "/v2/images", "/v1/imagesx", "/v1/inspect/a/b/c", "/images"})
    void anUnknownEndpointIsAJson404(String path) throws Exception {
        var answer = client.raw("GET", path);

        assertThat(answer.statusCode()).isEqualTo(404);
        OpenApi.get().check("GET", "/none", 404, answer.headers().firstValue("Content-Type"), answer.body());
    }

    @Test
    void anotherMethodIs405WithThoseThatAreKnown() {
        var answer = client.send("PUT", "/images", BodyPublishers.noBody());

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("Allow")).contains("GET");
        assertThat(client.delete("/images/import").header("Allow"))
                .as("a route, and no image")
                .contains("POST");
        assertThat(client.delete("/inspect/" + Fixture.IMAGE + "/download").header("Allow"))
                .contains("GET, HEAD");
    }

    @Test
    void withoutAValidTokenItIs401() throws Exception {
        try (ApiClient nobody = new ApiClient(fixture.server.uri(), "");
                ApiClient wrong = new ApiClient(fixture.server.uri(), "wrong")) {
            assertThat(nobody.get("/whoami").status()).isEqualTo(401);
            assertThat(wrong.get("/images").status()).isEqualTo(401);
            assertThat(wrong.get("/images").error()).doesNotContain("wrong");
            assertThat(wrong.head("/files/" + "0".repeat(64)).status()).isEqualTo(401);
            assertThat(nobody.get("/whoami", "Authorization", "Basic eDp5").status())
                    .isEqualTo(401);
            assertThat(nobody.get("/whoami", "Authorization", "bearer " + fixture.token)
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void theProjectHeaderSaysNothing() {
        assertThat(client.get("/images", "Project", "NEBIUS_PROJECT_ID").json().get("images"))
                .hasSize(1);
    }

    @Test
    void projectsAreIsolated() {
        FakeOperation operation = fixture.spawn();
        try (ApiClient stranger = fixture.stranger()) {
            assertThat(stranger.get("/images").json().get("images")).isEmpty();
            assertThat(stranger.get("/operations").json()).isEmpty();
            assertThat(stranger.get("/operations/" + operation.id).status()).isEqualTo(404);
            assertThat(stranger.delete("/operations/" + operation.id).status()).isEqualTo(404);
            assertThat(stranger.get("/operations/" + operation.id + "/events").status())
                    .isEqualTo(404);
            assertThat(stranger.get("/inspect/" + Fixture.IMAGE + "/list").status())
                    .isEqualTo(404);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /images, LIST",
        "GET, /operations, LIST",
        "GET, /files, LIST",
        "GET, /inspect/?tag=x, LIST",
        "DELETE, /operations/01234567-89ab-8cde-8f01-23456789abcd, CANCEL",
        "POST, /instances, SPAWN",
        "POST, /images/import, IMPORT",
        "PATCH, /images/01234567-89ab-8cde-8f01-23456789abcd/tag, SET_IMAGE_TAG",
        "DELETE, /images/01234567-89ab-8cde-8f01-23456789abcd/tag, SET_IMAGE_TAG"
    })
    void eachPermissionIsEnforced(String method, String path, Permission needed) {
        Set<Permission> others =
                java.util.EnumSet.complementOf(java.util.EnumSet.of(needed, Permission.SPAWN_DISPOSABLE));
        try (ApiClient lacking = fixture.clientWith(others.toArray(new Permission[0]));
                ApiClient having = fixture.clientWith(needed)) {
            assertThat(lacking.send(method, path, BodyPublishers.noBody()).status())
                    .isEqualTo(403);
            assertThat(having.send(method, path, BodyPublishers.noBody()).status())
                    .isNotIn(401, 403);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Permission.class,
            names = {"SPAWN", "SPAWN_DISPOSABLE", "IMPORT"})
    void whoeverMayUseAFileMayUploadIt(Permission one) {
        Set<Permission> none = java.util.EnumSet.of(Permission.LIST, Permission.CANCEL, Permission.SET_IMAGE_TAG);
        try (ApiClient lacking = fixture.clientWith(none.toArray(new Permission[0]));
                ApiClient having = fixture.clientWith(one)) {
            assertThat(lacking.send("POST", "/files", BodyPublishers.noBody()).status())
                    .isEqualTo(403);
            assertThat(having.send("POST", "/files", BodyPublishers.noBody()).status())
                    .isNotIn(401, 403);
        }
    }

    @Test
    void spawnDisposableAllowsDisposableRunsOnly() {
        String run = "{'command':'true','image':'" + Fixture.IMAGE + "','disposable':";
        try (ApiClient disposable = fixture.clientWith(Permission.SPAWN_DISPOSABLE)) {
            assertThat(disposable.post("/instances", run + "true}").status()).isEqualTo(201);
            assertThat(disposable.post("/instances", run + "false}").status()).isEqualTo(403);
        }
    }

    @Test
    void retryAfterIsWholeSeconds() {
        fixture.engine.operations.refusal =
                new ContreeException(ErrorCode.TOO_MANY_REQUESTS, "the queue is full", Duration.ofMillis(1200));

        var answer = client.post("/instances", "{'command':'true','image':'" + Fixture.IMAGE + "'}");

        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.header("Retry-After")).contains("2");
        assertThat(answer.error()).isEqualTo("the queue is full");
    }

    @Test
    void whatNobodyForesawIsA500WithoutDetails() {
        fixture.engine.images.tree.add("/bad", 0040755, 0, "");
        fixture.engine.images.changes = null;

        var answer = client.get("/inspect/" + Fixture.IMAGE + "/changes?from=" + Fixture.IMAGE);

        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.text()).isEqualTo(Json.text(new Failures.ErrorBody(Failures.INTERNAL, 500)));
    }

    @Test
    void whoamiHasEverythingThatClientsInsistOn() {
        var whoami = client.get("/whoami").json();

        assertThat(whoami.get("token_expiration").isNull()).isTrue();
        assertThat(whoami.get("permissions").get("list").booleanValue()).isTrue();
        assertThat(whoami.get("permissions")).hasSize(8);
        assertThat(whoami.get("operations_stat").isObject()).isTrue();
    }
}
