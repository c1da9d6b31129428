package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Images and their tags, as every generation of clients asks for them. */
class ImagesProtocolIT extends ServerSuite {
    private static final String UNKNOWN = "00000000-0000-8000-8000-000000000000";

    private List<JsonNode> images(String query) throws Exception {
        return api.getJson("/images" + query).get("images").valueStream().toList();
    }

    private static List<String> tags(List<JsonNode> images) {
        return images.stream().map(image -> image.get("tag").asString("")).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"?tagged", "?tagged=", "?tagged=1", "?tagged=true", "?tagged=True", "?tagged=yes"})
    void aFlagWithoutAValueOrWithAnyButZeroIsSet(String query) throws Exception {
        after(busybox, "echo untagged > /untagged");
        assertThat(tags(images(query))).isNotEmpty().doesNotContain("");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?tagged=0", "?tagged=false", "?tagged=False", "?kind=whatever"})
    void withoutTheFlagUntaggedImagesAreListedToo(String query) throws Exception {
        after(busybox, "echo untagged > /untagged");
        assertThat(tags(images(query))).contains("", "box:1");
    }

    @Test
    void aTagIsFoundByARedirectRelativeToInspect() throws Exception {
        HttpResponse<byte[]> found = api.get("/inspect/?tag=box:1");
        assertThat(found.statusCode()).isEqualTo(302);
        assertThat(found.headers().firstValue("Location")).contains(box + "/");
        JsonNode image =
                api.getJson("/inspect/" + found.headers().firstValue("Location").orElseThrow());
        assertThat(image.get("uuid").asString()).isEqualTo(box);
        assertThat(api.get("/inspect/?tag=no-such:1").statusCode()).isEqualTo(404);
        assertThat(api.get("/inspect/").statusCode()).isEqualTo(400);
        assertThat(api.get("/inspect?tag=box:1").headers().firstValue("Location"))
                .contains("./inspect/?tag=box:1");
        assertThat(api.get("/inspect/" + box).headers().firstValue("Location")).contains("./" + box + "/");
    }

    @Test
    void theEqualTagComesBeforeThoseThatOnlyStartSo() throws Exception {
        String other = after(busybox, "echo other > /other").toString();
        api.tag(box, "exact:1");
        for (String longer : List.of("exact:1-a", "exact:10", "exact:1.b")) {
            api.tag(other, longer);
        }
        List<JsonNode> found = images("?tag=exact:1");
        assertThat(tags(found)).startsWith("exact:1").hasSize(4);
        assertThat(found.getFirst().get("uuid").asString()).isEqualTo(box);
        assertThat(tags(images("?tag=exact:1&limit=1"))).containsExactly("exact:1");
        assertThat(images("?tag=no-such:1")).isEmpty();
    }

    @Test
    void aTagMovesAtOnceAndIsUniqueInItsProject() throws Exception {
        String other = after(busybox, "echo moved > /moved").toString();
        assertThat(api.tag(box, "move:1").get("uuid").asString()).isEqualTo(box);
        JsonNode moved = api.tag(other, "move:1");
        assertThat(moved.get("uuid").asString()).isEqualTo(other);
        assertThat(moved.get("tag").asString()).isEqualTo("move:1");
        assertThat(images("?tag=move:1"))
                .hasSize(1)
                .allSatisfy(image -> assertThat(image.get("uuid").asString()).isEqualTo(other));
        assertThat(api.patch("/images/" + UNKNOWN + "/tag", Map.of("tag", "move:1"))
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void oneTagIsTakenByItsNameAsItStands() throws Exception {
        api.tag(box, "host.example/some/name:v1.2");
        api.tag(box, "stays:1");
        HttpResponse<byte[]> gone = api.delete("/images/" + box + "/tag?tag=host.example/some/name:v1.2");
        assertThat(gone.statusCode()).isEqualTo(204);
        assertThat(images("?tag=host.example")).isEmpty();
        assertThat(tags(images("?uuid=" + box))).contains("stays:1").doesNotContain("host.example/some/name:v1.2");
    }

    @Test
    void withoutANameAllTagsOfTheImageAreTaken() throws Exception {
        String image = after(busybox, "echo bare > /bare").toString();
        api.tag(image, "bare:1");
        api.tag(image, "bare:2");
        assertThat(images("?uuid=" + image)).hasSize(2);
        assertThat(api.delete("/images/" + image + "/tag").statusCode()).isEqualTo(204);
        assertThat(tags(images("?uuid=" + image))).containsExactly("");
        assertThat(api.getJson("/inspect/" + image + "/").get("tag").isNull()).isTrue();
        assertThat(api.delete("/images/" + UNKNOWN + "/tag").statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "9",
                "busybox:latest",
                "A-b_c",
                "a.b/c:d",
                "a/b/c",
                "a:b:c",
                "a/_b.-c",
                "docker.io/library/x:1"
            })
    void everyLawfulTag(String tag) throws Exception {
        assertThat(api.tag(box, tag).get("tag").asString()).isEqualTo(tag);
        assertThat(api.get("/inspect/?tag=" + Api.encode(tag)).statusCode()).isEqualTo(302);
        JsonNode run = api.await(api.spawn(Map.of("image", "tag:" + tag, "command", "true", "disposable", true)));
        assertThat(run.get("image_uuid").asString()).isEqualTo(box);
        assertThat(api.delete("/images/" + box + "/tag?tag=" + tag).statusCode())
                .isEqualTo(204);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", "_a", ".a", "a:", "a//b", "a b", "a@b", "tag é", "a::b", "../a"})
    void unlawfulTags(String tag) throws Exception {
        assertThat(api.patch("/images/" + box + "/tag", Map.of("tag", tag)).statusCode())
                .isEqualTo(400);
    }

    @Test
    void aTagHasUpTo256Characters() throws Exception {
        api.tag(box, "l".repeat(256));
        api.delete("/images/" + box + "/tag?tag=" + "l".repeat(256));
        assertThat(api.patch("/images/" + box + "/tag", Map.of("tag", "l".repeat(257)))
                        .statusCode())
                .isEqualTo(400);
    }
}
