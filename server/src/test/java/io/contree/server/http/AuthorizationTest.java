package io.contree.server.http;

import static io.contree.engine.Caller.Permission.CANCEL;
import static io.contree.engine.Caller.Permission.IMPORT;
import static io.contree.engine.Caller.Permission.LIST;
import static io.contree.engine.Caller.Permission.REMOVE;
import static io.contree.engine.Caller.Permission.SET_IMAGE_TAG;
import static io.contree.engine.Caller.Permission.SPAWN;
import static io.contree.engine.Caller.Permission.SPAWN_DISPOSABLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.contree.engine.Caller.Permission;
import io.contree.server.config.HttpSettings;
import io.contree.server.http.ApiClient.Answer;
import io.contree.server.http.exchange.Router.Route;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every route, with each permission that is enough, and with all others: who is refused, in which words, before what else. */
class AuthorizationTest {
    private static final Fixture FIXTURE = new Fixture();
    private static final ApiClient NOBODY = new ApiClient(FIXTURE.server.uri(), "");
    private static final Map<Set<Permission>, ApiClient> CLIENTS = new HashMap<>();
    private static final String UNKNOWN = "/0f0f0f0f-0f0f-8f0f-8f0f-0f0f0f0f0f0f";
    private static final String IMAGE = "/" + Fixture.IMAGE;
    private static final String GARBAGE = "{";
    private static final String SHA = "/" + "0".repeat(64);
    private static final Permission[] RUN = {SPAWN, SPAWN_DISPOSABLE};
    private static final Permission[] UPLOAD = {SPAWN, SPAWN_DISPOSABLE, IMPORT};

    /** A request, the permissions any one of which is enough, and its status with one. */
    private record Row(String method, String path, String body, int status, List<Permission> enough) {
        @Override
        public String toString() {
            return method + " " + path + " " + body;
        }
    }

    private static Row row(String method, String path, int status, Permission... enough) {
        return row(method, path, "", status, enough);
    }

    private static Row row(String method, String path, String body, int status, Permission... enough) {
        return new Row(method, path, body, status, List.of(enough));
    }

    private static List<Row> table() {
        return List.of(
                row("GET", "/whoami", 200, Permission.values()),
                row("GET", "/images?limit=x", 400, LIST),
                row("GET", "/images", 200, LIST),
                row("POST", "/images/import", GARBAGE, 400, IMPORT),
                row("POST", "/images/import", "{'registry':{'url':'docker://busybox'}}", 201, IMPORT),
                row("PATCH", "/images/x/tag", GARBAGE, 400, SET_IMAGE_TAG),
                row("PATCH", "/images" + UNKNOWN + "/tag", "{'tag':'a'}", 404, SET_IMAGE_TAG),
                row("DELETE", "/images/x/tag?tag=", 400, SET_IMAGE_TAG),
                row("DELETE", "/images" + UNKNOWN + "/tag", 404, SET_IMAGE_TAG),
                row("DELETE", "/images" + IMAGE + "/tag", 204, SET_IMAGE_TAG),
                row("PATCH", "/images/x/labels", GARBAGE, 400, SET_IMAGE_TAG),
                row("PATCH", "/images" + UNKNOWN + "/labels", "{'note':'a'}", 404, SET_IMAGE_TAG),
                row("PATCH", "/images" + IMAGE + "/labels", "{'labels':{'score':0.7}}", 200, SET_IMAGE_TAG),
                row("DELETE", "/images/x", 400, REMOVE),
                row("DELETE", "/images" + UNKNOWN, 404, REMOVE),
                row("DELETE", "/images" + IMAGE + "?force=1&dry_run=1", 200, REMOVE),
                row("PUT", "/images/x/pin", 400, SET_IMAGE_TAG),
                row("PUT", "/images" + IMAGE + "/pin", 204, SET_IMAGE_TAG),
                row("DELETE", "/images" + UNKNOWN + "/pin", 404, SET_IMAGE_TAG),
                row("DELETE", "/images" + IMAGE + "/pin", 204, SET_IMAGE_TAG),
                row("POST", "/gc?dry_run=1", 200, REMOVE),
                row("GET", "/images" + UNKNOWN + "/usage", 404, LIST),
                row("GET", "/images" + IMAGE + "/usage", 200, LIST),
                row("GET", "/usage", 200, LIST),
                row("GET", "/images/x/diff" + IMAGE, 400, LIST),
                row("GET", "/images" + UNKNOWN + "/diff" + IMAGE, 404, LIST),
                row("GET", "/images" + IMAGE + "/diff" + IMAGE, 200, LIST),
                row("GET", "/images" + IMAGE + "/lineage?direction=up", 400, LIST),
                row("GET", "/images" + UNKNOWN + "/lineage", 404, LIST),
                row("GET", "/images" + IMAGE + "/lineage", 200, LIST),
                row("GET", "/inspect/", 400, LIST),
                row("GET", "/inspect/?tag=none", 404, LIST),
                row("GET", "/inspect/x/", 400, LIST),
                row("GET", "/inspect" + UNKNOWN + "/", 404, LIST),
                row("GET", "/inspect" + IMAGE + "/", 200, LIST),
                row("GET", "/inspect/x/list", 400, LIST),
                row("GET", "/inspect" + UNKNOWN + "/list", 404, LIST),
                row("GET", "/inspect" + IMAGE + "/list?path=/", 200, LIST),
                row("GET", "/inspect" + IMAGE + "/download", 400, LIST),
                row("GET", "/inspect" + UNKNOWN + "/download?path=/etc/passwd", 404, LIST),
                row("HEAD", "/inspect" + IMAGE + "/download", 400, LIST),
                row("HEAD", "/inspect" + UNKNOWN + "/download?path=/etc/passwd", 404, LIST),
                row("GET", "/inspect" + IMAGE + "/archive", 400, LIST),
                row("GET", "/inspect" + UNKNOWN + "/archive?path=/etc", 404, LIST),
                row("HEAD", "/inspect" + IMAGE + "/archive", 400, LIST),
                row("HEAD", "/inspect" + UNKNOWN + "/archive?path=/etc", 404, LIST),
                row("GET", "/inspect" + IMAGE + "/grep", 400, LIST),
                row("GET", "/inspect" + UNKNOWN + "/grep?pattern=x", 404, LIST),
                row("GET", "/inspect" + IMAGE + "/changes", 400, LIST),
                row("GET", "/inspect" + UNKNOWN + "/changes?from=" + Fixture.IMAGE, 404, LIST),
                row("POST", "/files", "bytes", 201, UPLOAD),
                row("GET", "/files?limit=x", 400, LIST),
                row("GET", "/files", 200, LIST),
                row("GET", "/files?uuid=x", 400, LIST),
                row("GET", "/files?sha256=" + SHA.substring(1), 404, LIST),
                row("HEAD", "/files", 200, LIST),
                row("HEAD", "/files?uuid=x", 400, LIST),
                row("GET", "/files/x", 400, LIST),
                row("GET", "/files" + SHA, 404, LIST),
                row("HEAD", "/files/x", 400, LIST),
                row("HEAD", "/files" + SHA, 404, LIST),
                row("POST", "/instances", GARBAGE, 400, RUN),
                row("GET", "/operations?status=x", 400, LIST),
                row("GET", "/operations", 200, LIST),
                row("GET", "/operations/x", 400, LIST),
                row("GET", "/operations" + UNKNOWN, 404, LIST),
                row("DELETE", "/operations/x", 400, CANCEL),
                row("DELETE", "/operations" + UNKNOWN, 404, CANCEL),
                row("POST", "/operations" + UNKNOWN + "/subprocesses", GARBAGE, 400, RUN),
                row("POST", "/operations" + UNKNOWN + "/subprocesses", "{'command':'true'}", 404, RUN),
                row("GET", "/operations" + UNKNOWN + "/subprocesses/0", 400, LIST),
                row("GET", "/operations" + UNKNOWN + "/subprocesses/1", 404, LIST),
                row("DELETE", "/operations" + UNKNOWN + "/subprocesses/0", 400, RUN),
                row("DELETE", "/operations" + UNKNOWN + "/subprocesses/1", 404, RUN),
                row("POST", "/operations" + UNKNOWN + "/subprocesses/1/stdin", GARBAGE, 400, RUN),
                row("POST", "/operations" + UNKNOWN + "/subprocesses/1/stdin", "{'value':''}", 404, RUN),
                row("GET", "/operations/x/events", 400, LIST),
                row("GET", "/operations" + UNKNOWN + "/events?spid=x", 400, LIST),
                row("GET", "/operations" + UNKNOWN + "/events", 404, LIST));
    }

    @AfterAll
    static void close() {
        NOBODY.close();
        CLIENTS.values().forEach(ApiClient::close);
        FIXTURE.close();
    }

    @TestFactory
    Stream<DynamicTest> everyRequest() {
        return table().stream()
                .map(row -> DynamicTest.dynamicTest(row.toString(), () -> {
                    assertThat(sent(NOBODY, row).status()).isEqualTo(401);
                    Set<Permission> others = EnumSet.allOf(Permission.class);
                    others.removeAll(row.enough());
                    check(row, others.toArray(new Permission[0]));
                    for (Permission one : row.enough()) {
                        check(row, one);
                    }
                }));
    }

    private static void check(Row row, Permission... granted) {
        Answer answer = sent(client(granted), row);
        boolean allowed = row.enough().stream().anyMatch(Set.of(granted)::contains);
        assertThat(answer.status())
                .as(Arrays.toString(granted))
                .isEqualTo(allowed || isForAll(row) ? row.status() : 403);
        if (answer.status() == 403 && !row.method().equals("HEAD")) {
            assertThat(answer.error()).isEqualTo(refusal(row.enough()));
        }
    }

    private static ApiClient client(Permission... granted) {
        return CLIENTS.computeIfAbsent(Set.of(granted), set -> FIXTURE.clientWith(granted));
    }

    private static boolean isForAll(Row row) {
        return row.enough().size() == Permission.values().length;
    }

    private static String refusal(List<Permission> enough) {
        return "This token lacks the permission "
                + enough.stream()
                        .map(permission -> permission.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining("\" or \"", "\"", "\""))
                + "; use a token that has it.";
    }

    private static Answer sent(ApiClient client, Row row) {
        return client.send(
                row.method(), row.path(), BodyPublishers.ofString(row.body().replace('\'', '"')));
    }

    @Test
    void theTableHasEveryRouteThatIsNotOpen() {
        HttpSettings settings = Fixture.settings(Duration.ofSeconds(1), Duration.ofSeconds(1));
        try (HttpServer.Work work = HttpServer.Work.of(settings)) {
            var router = HttpServer.router(new FakeEngine(), settings, work);
            Set<Route> missing =
                    router.routes().stream().filter(route -> !route.open()).collect(Collectors.toSet());
            for (Row row : table()) {
                router.find(row.method(), "/v1" + row.path().replaceAll("\\?.*", ""))
                        .match()
                        .ifPresent(match -> missing.remove(match.route()));
            }
            assertThat(missing).isEmpty();
        }
    }

    @Test
    void openRoutesAnswerWithoutAToken() {
        assertThat(NOBODY.get("/inspect").status()).isEqualTo(307);
        assertThat(NOBODY.get("/inspect/x").status()).isEqualTo(307);
    }

    @Test
    void aRunThatIsKeptNeedsSpawn() {
        Row kept = row("POST", "/instances", "{'command':'true','image':'tag:none'}", 404, SPAWN);
        check(kept, SPAWN);
        check(kept, SPAWN_DISPOSABLE);
    }

    @Test
    void aRunThatIsThrownAwayNeedsJustThat() {
        Row disposable = row("POST", "/instances", "{'command':'true','image':'tag:none','disposable':true}", 404);
        assertThat(sent(client(SPAWN_DISPOSABLE), disposable).status()).isEqualTo(404);
        assertThat(sent(client(SPAWN), disposable).error())
                .isEqualTo("This token lacks the permission \"spawn_disposable\"; use a token that has it.");
    }

    @Test
    void followingNeedsThePermissionToRunToo() {
        Row follow = row("GET", "/operations" + UNKNOWN + "/events?follow=1&spid=x", 400, LIST);
        check(follow, CANCEL);
        check(follow, SPAWN);
        check(follow, LIST, SPAWN);
        check(follow, LIST, SPAWN_DISPOSABLE);
        for (Permission other : EnumSet.complementOf(EnumSet.of(SPAWN, SPAWN_DISPOSABLE))) {
            Answer answer = sent(client(EnumSet.of(LIST, other).toArray(new Permission[0])), follow);
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.error()).isEqualTo(refusal(List.of(RUN)));
        }
        assertThat(client(LIST)
                        .get("/operations" + UNKNOWN + "/events?follow=x")
                        .status())
                .isEqualTo(400);
    }
}
