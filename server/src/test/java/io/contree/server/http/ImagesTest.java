package io.contree.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.testkit.RawHttp;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ImagesTest {
    private final Fixture fixture = new Fixture();
    private final ApiClient client = fixture.client;

    @AfterEach
    void close() {
        fixture.close();
    }

    private java.util.List<String> tags(String query) {
        JsonNode images = client.get("/images" + query).json().get("images");
        return StreamSupport.stream(images.spliterator(), false)
                .map(image -> image.get("tag").isNull() ? "-" : image.get("tag").stringValue())
                .toList();
    }

    @Test
    void theListIsFilteredByEveryParameter() {
        UUID other = UUID.randomUUID();
        fixture.engine.images.add(fixture.project, other, null, Instant.now());

        assertThat(tags("")).containsExactly("-", "busybox:latest");
        assertThat(tags("?tagged=1")).containsExactly("busybox:latest");
        assertThat(tags("?tagged")).containsExactly("busybox:latest");
        assertThat(tags("?tagged=0")).hasSize(2);
        assertThat(tags("?uuid=" + other)).containsExactly("-");
        assertThat(tags("?since=1h")).containsExactly("-");
        assertThat(tags("?until=1h")).containsExactly("busybox:latest");
        assertThat(tags("?tag=busy&kind=x")).containsExactly("busybox:latest");
        assertThat(tags("?tag=nothing")).isEmpty();
        assertThat(tags("?offset=5")).isEmpty();
        assertThat(tags("?limit=1")).containsExactly("-");
    }

    @Test
    void theNoneOfOldSdksIsAbsent() {
        assertThat(tags("?kind=None&limit=100&offset=0&tagged=None&since=None&until=2027-01-01&tag=None&uuid=None"))
                .containsExactly("busybox:latest");
    }

    @Test
    void theExactTagComesFirst() {
        fixture.engine.images.add(fixture.project, UUID.randomUUID(), "busybox:latest-2", Instant.now());

        assertThat(tags("?tag=busybox:latest")).containsExactly("busybox:latest", "busybox:latest-2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"?limit=0", "?limit=1001", "?offset=-1", "?uuid=x", "?since=never"})
    void malformedParametersAre400(String query) {
        assertThat(client.get("/images" + query).status()).isEqualTo(400);
    }

    @Test
    void aTagMovesAndIsTakenOffWithAnUnescapedName() throws Exception {
        UUID other = UUID.randomUUID();
        fixture.engine.images.add(fixture.project, other, null, Instant.now());

        var moved = client.patch("/images/" + other + "/tag", "{'tag':'busybox:latest'}");

        assertThat(moved.json().get("uuid").stringValue()).isEqualTo(other.toString());
        assertThat(moved.json().get("tag").stringValue()).isEqualTo("busybox:latest");
        assertThat(client.get("/inspect/?tag=busybox:latest").header("Location"))
                .contains(other + "/");
        assertThat(RawHttp.ask(
                        fixture.server.uri(),
                        "DELETE /v1/images/" + other + "/tag?tag=busybox:latest",
                        "Authorization: Bearer " + fixture.token))
                .startsWith("HTTP/1.1 204");
        assertThat(client.get("/inspect/?tag=busybox:latest").status()).isEqualTo(404);
        assertThat(client.delete("/images/" + other + "/tag").status()).isEqualTo(204);
        assertThat(client.get("/inspect/" + other + "/").status()).isEqualTo(200);
    }

    @Test
    void tagsOfNothingAndMalformedOnesAreRefused() {
        assertThat(client.patch("/images/" + UUID.randomUUID() + "/tag", "{'tag':'a'}")
                        .status())
                .isEqualTo(404);
        assertThat(client.patch("/images/" + Fixture.IMAGE + "/tag", "{'tag':'a b'}")
                        .status())
                .isEqualTo(400);
        assertThat(client.patch("/images/" + Fixture.IMAGE + "/tag", "{}").error())
                .isEqualTo("field 'tag' is missing; give a non-empty string");
        assertThat(client.patch("/images/1-2-3-4-5/tag", "{'tag':'a'}").status())
                .isEqualTo(400);
        assertThat(client.patch("/images/" + Fixture.IMAGE + "/tag", "").status())
                .isEqualTo(400);
        assertThat(client.delete("/images/" + Fixture.IMAGE + "/tag?tag=nothing")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void anEmptyNameTakesNoTagAway() {
        assertThat(client.delete("/images/" + Fixture.IMAGE + "/tag?tag=").status())
                .isEqualTo(400);
        assertThat(client.get("/inspect/" + Fixture.IMAGE + "/")
                        .json()
                        .get("tag")
                        .isNull())
                .isFalse();
    }

    @Test
    void anImportIsAcceptedAndItsCredentialsAreMasked() {
        var answer = client.post(
                "/images/import",
                "{'registry':{'url':'docker://x/y','credentials':{'username':'me','password':'hush'}},'tag':'y:1'}");

        assertThat(answer.status()).isEqualTo(201);
        String id = answer.json().get("uuid").stringValue();
        assertThat(answer.header("Location")).contains("/v1/operations/" + id);
        var operation = client.get("/operations/" + id + "?inflight");
        assertThat(operation.text()).contains("\"password\":\"<MASKED>\"").doesNotContain("hush");
        assertThat(operation.json().get("kind").stringValue()).isEqualTo("image_import");
        assertThat(operation.json().get("result").isNull()).isTrue();
    }

    @Test
    void anImportWithoutATagSaysSo() {
        var answer = client.post(
                "/images/import", "{'registry':{'url':'x','credentials':{'username':'','password':''}},'tag':null}");

        String id = answer.json().get("uuid").stringValue();
        JsonNode metadata =
                client.get("/operations/" + id + "?inflight=1").json().get("metadata");
        assertThat(metadata.get("tag").isNull()).isTrue();
        assertThat(metadata.get("registry").has("credentials")).isFalse();
    }
}
