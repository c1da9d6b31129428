package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.api.LineageStep;
import io.contree.sdk.Image;
import io.contree.sdk.LineageQuery;
import io.contree.sdk.NotFoundException;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** How states came about, and names that count steps back. */
class LineageIT extends ServerSuite {
    private static final String UNKNOWN = "00000000-0000-8000-8000-000000000000";

    private List<JsonNode> steps(String image, String query) throws Exception {
        return api.getJson("/images/" + image + "/lineage" + query)
                .get("steps")
                .valueStream()
                .toList();
    }

    @Test
    void anImageIsLedBackToItsImport() throws Exception {
        Image one = after(busybox, "echo one > /one");
        Image two = after(one, "echo two > /two");

        List<JsonNode> steps = steps(two.uuid().toString(), "");
        assertThat(steps).hasSize(3);
        assertThat(steps.get(0).get("input_image").asString())
                .isEqualTo(one.uuid().toString());
        assertThat(steps.get(0).get("command").asString()).isEqualTo("echo two > /two");
        assertThat(steps.get(0).get("kind").asString()).isEqualTo("instance");
        assertThat(steps.get(1).get("depth").asInt()).isEqualTo(2);
        assertThat(steps.get(2).get("input_image").isNull()).isTrue();
        assertThat(steps.get(2).get("output_image").asString()).isEqualTo(box);
        assertThat(steps.get(2).get("kind").asString()).isEqualTo("image_import");
        assertThat(api.getJson("/operations/"
                                + steps.get(2).get("operation_uuid").asString())
                        .get("kind")
                        .asString())
                .isEqualTo("image_import");
    }

    @Test
    void descendantsComeInPages() {
        Image base = after(busybox, "echo base > /base");
        List<Image> branches =
                List.of(after(base, "echo a > /x"), after(base, "echo b > /x"), after(base, "echo c > /x"));

        assertThat(base.lineage(LineageQuery.descendants()))
                .extracting(LineageStep::outputImage)
                .containsExactly(
                        branches.get(2).uuid(),
                        branches.get(1).uuid(),
                        branches.get(0).uuid());
        assertThat(base.lineage(LineageQuery.descendants().limit(2))).hasSize(2);
        assertThat(branches.getFirst().lineage(LineageQuery.ancestors().first().depth(1)))
                .singleElement()
                .satisfies(step -> assertThat(step.inputImage()).isEqualTo(base.uuid()));
    }

    @Test
    void aCursorGoesOnWhereThePageEnded() throws Exception {
        String base = after(busybox, "echo paged > /paged").uuid().toString();
        for (String name : List.of("a", "b", "c")) {
            api.imageAfter(base, "echo > /" + name);
        }
        JsonNode first = api.getJson("/images/" + base + "/lineage?direction=descendants&limit=2");
        assertThat(first.get("steps")).hasSize(2);
        JsonNode rest = api.getJson("/images/" + base + "/lineage?direction=descendants&limit=2&cursor="
                + first.get("next_cursor").asString());
        assertThat(rest.get("steps")).hasSize(1);
        assertThat(rest.has("next_cursor")).isFalse();
    }

    @Test
    void aRunThatLeadsBackMakesNoCircle() throws Exception {
        Image there = after(busybox, "mkdir /there");
        Image back = after(there, "rmdir /there");
        Assertions.assertThat(back.uuid()).isEqualTo(busybox.uuid());

        assertThat(steps(there.uuid().toString(), "")).hasSizeGreaterThanOrEqualTo(3);
        assertThat(steps(there.uuid().toString(), "?first")).hasSize(2);
        assertThat(contree.images().find(there.uuid() + "~1").uuid()).isEqualTo(busybox.uuid());
    }

    @Test
    void runsAndLooksTakeStepsBack() throws Exception {
        Image one = after(busybox, "echo 1 > /n");
        Image three = after(after(one, "echo 2 > /n"), "echo 3 > /n");
        three.tagAs("counted:1");

        assertThat(contree.images().use("counted:1~2").readText("/n")).isEqualTo("1\n");
        assertThat(contree.images().find("counted:1~2").uuid()).isEqualTo(one.uuid());
        assertThat(contree.images().find("counted:1~2").tag()).isEmpty();
        assertThat(contree.images().use("counted:1~").shell("cat /n").execute().stdout())
                .isEqualTo("2\n");
        for (String reference : List.of("tag:counted:1~2", three.uuid() + "~2")) {
            JsonNode run = api.await(api.spawn(Map.of("image", reference, "command", "true", "disposable", true)));
            assertThat(run.get("image_uuid").asString()).isEqualTo(one.uuid().toString());
        }
        assertThat(api.get("/inspect/?tag=" + three.uuid() + "~3").headers().firstValue("Location"))
                .contains(box + "/");
    }

    @Test
    void whatIsNotBackThereIsSaidSo() {
        Image one = after(busybox, "echo far > /far");
        Assertions.assertThatThrownBy(() -> contree.images().find("box:1~1"))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("There is no image box:1~1: no run led to box:1.");
        Assertions.assertThatThrownBy(() -> contree.images().find(one.uuid() + "~2"))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("one run led to " + one.uuid() + ", on image " + box);
        Image two = after(one, "echo farther > /far");
        one.remove();
        Assertions.assertThatThrownBy(() -> contree.images().find(two.uuid() + "~1"))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining(
                        two.uuid() + "~1 is image " + one.uuid() + ", which is not in this project any more");
        assertThat(contree.images().find(two.uuid() + "~2").uuid()).isEqualTo(busybox.uuid());
    }

    @ParameterizedTest
    @CsvSource({
        "?direction=up, 'direction', 'ancestors, descendants'",
        "?depth=0, 'depth', 'from 1'",
        "?limit=10001, 'limit', 'from 1 to 10000'",
        "?cursor=x, 'cursor', next_cursor",
        "?first=maybe, 'first', '1, 0'"
    })
    void aMistakeIsNamed(String query, String parameter, String allowed) throws Exception {
        var answer = api.get("/images/" + box + "/lineage" + query);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(Api.text(answer)).contains("'" + parameter + "'").contains(allowed);
    }

    @ParameterizedTest
    @CsvSource({
        "box:1~x, 400",
        "box:1~1~1, 400",
        "box:1~-1, 400",
        "box:1~999999999999, 400",
        "box:1~100001, 400",
        "none:1~1, 404"
    })
    void aNumberOfStepsThatIsNone(String reference, int status) throws Exception {
        assertThat(api.get("/inspect/?tag=" + reference).statusCode()).isEqualTo(status);
        assertThat(api.post("/instances", Map.of("image", "tag:" + reference, "command", "true"))
                        .statusCode())
                .isEqualTo(status);
    }

    @Test
    void anUnknownImageHasNoLineage() throws Exception {
        assertThat(api.get("/images/" + UNKNOWN + "/lineage").statusCode()).isEqualTo(404);
    }
}
