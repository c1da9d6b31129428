package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.sdk.Image;
import io.contree.sdk.ImageQuery;
import io.contree.sdk.InvalidRequestException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What is noted on images, and lists by it. */
class LabelsIT extends ServerSuite {
    private Image branch(String name) {
        return after(busybox, "echo " + name + " > /" + name);
    }

    @Test
    void theFrontierOfASearchIsOneCall() {
        Image low = branch("low").label("loss", "0.31");
        Image high = branch("high").label(Map.of("loss", "12", "kind", "wide net"));
        Image middle = branch("middle").label("loss", "9.5");

        assertThat(contree.images().list(ImageQuery.all().leastFirst("loss").limit(2)))
                .extracting(Image::uuid)
                .containsExactly(low.uuid(), middle.uuid());
        assertThat(contree.images().list(ImageQuery.all().greatestFirst("loss")))
                .extracting(Image::uuid)
                .containsExactly(high.uuid(), middle.uuid(), low.uuid());
        assertThat(contree.images().list(ImageQuery.all().label("loss").label("kind", "wide net")))
                .singleElement()
                .satisfies(image -> assertThat(image.labels()).isEqualTo(Map.of("loss", "12", "kind", "wide net")));
    }

    @Test
    void recordsHaveLabelsWhereThereAreAny() throws Exception {
        Image image = branch("noted");
        assertThat(api.getJson("/inspect/" + image.uuid() + "/").propertyNames())
                .doesNotContain("labels", "note");
        image.label("score", "0.7").note("better\nthan most");
        JsonNode record = api.getJson("/inspect/" + image.uuid() + "/");
        assertThat(record.at("/labels/score").asString()).isEqualTo("0.7");
        assertThat(record.get("note").asString()).isEqualTo("better\nthan most");
        assertThat(image.tagAs("noted:1").labels()).containsEntry("score", "0.7");
        assertThat(contree.images().find("noted:1").note()).contains("better\nthan most");
        assertThat(image.unlabel("score").labels()).isEmpty();
        assertThat(image.note("").note()).isEmpty();
    }

    @Test
    void numbersAndNullsOfJsonAreTaken() throws Exception {
        String image = branch("json").uuid().toString();
        Map<String, Object> labels = new HashMap<>(Map.of("n", 3, "x", 0.25, "gone", "soon"));
        assertThat(api.patch("/images/" + image + "/labels", Map.of("labels", labels))
                        .statusCode())
                .isEqualTo(200);
        labels.put("gone", null);
        JsonNode record = Api.json(api.patch("/images/" + image + "/labels", Map.of("labels", labels)));
        assertThat(record.get("labels").propertyNames()).containsExactly("n", "x");
        assertThat(record.at("/labels/x").asString()).isEqualTo("0.25");
    }

    @Test
    void labelsGoWithTheirImageAndDoNotKeepIt() {
        Image image = branch("goes").label("going", "1");
        image.remove();
        assertThat(contree.images().list(ImageQuery.all().label("going"))).isEmpty();
        assertThat(branch("goes2").labels()).isEmpty();
    }

    @Test
    void mistakesAreNamed() {
        Image image = branch("wrong");
        assertThatThrownBy(() -> image.label("a b", "1"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("a b");
        assertThatThrownBy(() -> image.label("long", "x".repeat(257))).hasMessageContaining("up to 256 characters");
        assertThatThrownBy(() -> image.note("x".repeat(4097))).hasMessageContaining("up to 4096 characters");
        Map<String, String> many = new HashMap<>();
        for (int i = 0; i < 65; i++) {
            many.put("l" + i, "");
        }
        assertThatThrownBy(() -> image.label(many)).hasMessageContaining("65 labels, and may have 64");
        assertThat(image.labels()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"label=, label", "label=a b, label", "sort=score, sort", "sort=label:, sort", "sort=-label:a b, sort"})
    void aListThatCannotBeIsRefused(String query, String parameter) throws Exception {
        var answer = api.get("/images?" + query.replace(" ", "%20"));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(Api.text(answer)).contains("parameter '" + parameter + "'");
    }

    @Test
    void nothingToNoteIsAMistake() throws Exception {
        for (Object body : List.of(Map.of(), Map.of("labels", Map.of()), Map.of("labels", Map.of("a", List.of())))) {
            assertThat(api.patch("/images/" + box + "/labels", body).statusCode())
                    .as(body.toString())
                    .isEqualTo(400);
        }
    }
}
