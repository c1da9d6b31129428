package io.contree.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.api.OperationStatus;
import io.contree.testkit.RawHttp;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class OperationsTest {
    private final Fixture fixture = new Fixture();
    private final ApiClient client = fixture.client;

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void aSpawnEchoesWhatWasUnderstood() {
        var answer = client.post(
                "/instances",
                "{'command':'echo','image':'tag:busybox:latest','args':['a'],'env':null,'result':null,"
                        + "'stdin':{'value':'','encoding':'ascii','truncated':false}}");

        assertThat(answer.status()).isEqualTo(201);
        JsonNode json = answer.json();
        assertThat(answer.header("Location"))
                .contains("/v1/operations/" + json.get("uuid").stringValue());
        assertThat(json.get("image").stringValue()).isEqualTo(Fixture.IMAGE.toString());
        assertThat(json.get("env").isObject()).isTrue();
        assertThat(json.get("hostname").stringValue()).isEqualTo("linuxkit");
    }

    @Test
    void whatCannotRunIsRefused() {
        String image = "'image':'" + Fixture.IMAGE + "'";

        assertThat(client.post("/instances", "{'command':'x','image':'tag:nothing'}")
                        .status())
                .isEqualTo(404);
        assertThat(client.post("/instances", "{'command':'x','image':'" + UUID.randomUUID() + "'}")
                        .status())
                .isEqualTo(404);
        assertThat(client.post("/instances", "{'command':'x','image':'nonsense'}")
                        .status())
                .isEqualTo(400);
        assertThat(client.post("/instances", "{'command':'x'," + image + ",'timeout':0}")
                        .error())
                .startsWith("field 'timeout' is 0");
        assertThat(client.post(
                                "/instances",
                                "{'command':'x'," + image + ",'files':{'/a':{'uuid':'" + UUID.randomUUID() + "'}}}")
                        .status())
                .isEqualTo(404);
        assertThat(client.post("/instances", "{").error()).startsWith("the body is not the JSON that is expected");
        assertThat(client.post("/instances", "").status()).isEqualTo(400);
        assertThat(client.post("/instances", "{'command':'" + "x".repeat(5 << 20) + "'," + image + "}")
                        .status())
                .isEqualTo(413);
    }

    @ParameterizedTest
    @EnumSource(OperationStatus.class)
    void theRecordHasAllOfItsKeysInEveryState(OperationStatus status) {
        FakeOperation operation = fixture.spawn();
        if (status.isFinal()) {
            operation.end(status, status == OperationStatus.SUCCESS ? Fixture.IMAGE : null, null);
        } else {
            operation.state(status);
        }

        // The client holds it against openapi.yaml, which requires the keys.
        JsonNode json =
                client.get("/operations/" + operation.id + "?inflight=0&x=1").json();

        assertThat(json.get("status").stringValue()).isEqualTo(status.name());
        assertThat(json.has("result")).isTrue();
        assertThat(json.get("metadata").has("result")).isTrue();
        if (status == OperationStatus.SUCCESS) {
            assertThat(json.get("result").get("image").stringValue()).isEqualTo(Fixture.IMAGE.toString());
            assertThat(json.get("metadata").get("result").get("resources")).hasSize(16);
            assertThat(json.get("metadata").get("result").get("state")).hasSize(7);
        } else if (status.isFinal()) {
            assertThat(json.get("result").get("image").isNull()).isTrue();
        } else {
            assertThat(json.get("result").isNull()).isTrue();
        }
    }

    @Test
    void aYoungOperationIsWaitedFor() throws Exception {
        FakeOperation operation = fixture.spawn();
        Thread.ofVirtual().start(() -> {
            awaitNanos(100_000_000);
            operation.end(OperationStatus.SUCCESS, Fixture.IMAGE, null);
        });

        assertThat(client.get("/operations/" + operation.id)
                        .json()
                        .get("status")
                        .stringValue())
                .isEqualTo("SUCCESS");
    }

    @Test
    void aYoungOperationThatDoesNotEndIsShownAsItIsByThen() {
        FakeOperation operation = fixture.spawn();
        operation.whenAwaited = () -> operation.state(OperationStatus.EXECUTING);

        assertThat(client.get("/operations/" + operation.id)
                        .json()
                        .get("status")
                        .stringValue())
                .isEqualTo("EXECUTING");
    }

    @Test
    void inflightAnswersAtOnceWithTheOutputSoFar() {
        FakeOperation operation = fixture.spawn();
        operation.createdAt = Instant.now().plusSeconds(3600);
        operation.state(OperationStatus.EXECUTING);
        operation.output("hello\n");
        long start = System.nanoTime();

        JsonNode json = client.get("/operations/" + operation.id + "?inflight").json();

        assertThat(System.nanoTime() - start).isLessThan(900_000_000L);
        assertThat(json.get("metadata").get("result").get("stdout").get("value").stringValue())
                .isEqualTo("hello\n");
    }

    @Test
    void anOldOperationIsAnsweredAtOnce() {
        FakeOperation operation = fixture.spawn();
        operation.createdAt = Instant.now().minusSeconds(3);
        long start = System.nanoTime();

        assertThat(client.get("/operations/" + operation.id)
                        .json()
                        .get("status")
                        .stringValue())
                .isEqualTo("PENDING");
        assertThat(System.nanoTime() - start).isLessThan(900_000_000L);
    }

    private static void awaitNanos(long nanos) {
        java.util.concurrent.locks.LockSupport.parkNanos(nanos);
    }

    @Test
    void cancelledOnceAndThen409() {
        FakeOperation operation = fixture.spawn();

        var first = client.delete("/operations/" + operation.id);
        assertThat(first.status()).isEqualTo(202);
        assertThat(client.get("/operations/" + operation.id)
                        .json()
                        .get("status")
                        .stringValue())
                .isEqualTo("CANCELLED");
        assertThat(client.delete("/operations/" + operation.id).status()).isEqualTo(409);
        assertThat(client.delete("/operations/" + UUID.randomUUID()).status()).isEqualTo(404);
        assertThat(client.delete("/operations/x").status()).isEqualTo(400);
        assertThat(client.get("/operations/" + UUID.randomUUID()).status()).isEqualTo(404);
    }

    @Test
    void theListIsABareArray() {
        FakeOperation operation = fixture.spawn();
        operation.state(OperationStatus.EXECUTING);

        assertThat(client.get("/operations").json().isArray()).isTrue();
        assertThat(client.get("/operations?status=EXECUTING&kind=instance&since=1h")
                        .json())
                .hasSize(1);
        assertThat(client.get("/operations?status=SUCCESS").text()).isEqualTo("[]");
        assertThat(client.get("/operations?offset=1000").text()).isEqualTo("[]");
        assertThat(client.get("/operations?status=DONE").status()).isEqualTo(400);
        assertThat(client.get("/operations?kind=x").status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/whoami", "/images", "/operations", "/files"})
    void aJsonContentTypeWithoutABodyIsNoBody(String path) throws Exception {
        assertThat(RawHttp.ask(
                        fixture.server.uri(),
                        "GET /v1" + path,
                        "Authorization: Bearer " + fixture.token,
                        "Content-Type: application/json"))
                .startsWith("HTTP/1.1 200");
    }
}
