package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.sdk.Image;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Searching through real images, most of them hostile. */
class GrepIT extends ServerSuite {
    private JsonNode grep(Image image, String query) throws Exception {
        return api.getJson("/inspect/" + image.uuid() + "/grep?" + query);
    }

    private static List<String> paths(JsonNode found) {
        return found.get("matches")
                .valueStream()
                .map(match -> match.get("path").asString())
                .toList();
    }

    @Test
    void findsLinesOfEveryLayerAndNoneThatIsGone() throws Exception {
        Image first = after(busybox, "mkdir /w; echo 'one NEEDLE two' > /w/a; echo NEEDLE > /w/gone");
        Image second = after(first, "rm /w/gone; printf 'x\\nNEEDLE\\ny\\n' > /w/.b; ln -s a /w/link");

        JsonNode found = grep(second, "pattern=NEEDLE&path=/w&before=1&after=1");

        assertThat(paths(found)).containsExactly("/w/.b", "/w/.b", "/w/.b", "/w/a");
        assertThat(found.get("truncated").asBoolean()).isFalse();
        JsonNode match = found.get("matches").get(3);
        assertThat(match.get("line_text").asString()).isEqualTo("one NEEDLE two\n");
        assertThat(match.at("/submatches/0/start").asInt()).isEqualTo(4);
        assertThat(match.at("/submatches/0/end").asInt()).isEqualTo(10);
        assertThat(paths(grep(first, "pattern=NEEDLE&path=/w"))).containsExactly("/w/a", "/w/gone");
        assertThat(paths(grep(second, "pattern=NEEDLE&glob=!.b"))).containsExactly("/w/a");
    }

    @Test
    void namesAndBytesThatAreNoUtf8() throws Exception {
        Image image = after(busybox, "mkdir /n; printf 'a\\377NEEDLE\\n' > \"$(printf '/n/x\\377')\"");

        JsonNode match = grep(image, "pattern=NEEDLE&path=/n").get("matches").get(0);

        assertThat(match.get("path").asString()).isEqualTo("/n/x\uFFFD");
        assertThat(match.get("line_text").asString()).isEqualTo("a\uFFFDNEEDLE\n");
        assertThat(match.get("line_bytes").asInt()).isEqualTo(9);
        assertThat(match.at("/submatches/0/start").asInt()).isEqualTo(2);
    }

    @Test
    void aLineOfAGigabyteNeitherFillsMemoryNorStopsTheSearch() throws Exception {
        Image image = after(
                busybox,
                "mkdir /big; echo NEEDLE > /big/z;"
                        + " (head -c 1000000000 /dev/zero | tr '\\0' x; echo NEEDLE) > /big/a");
        grep(image, "pattern=NEEDLE&path=/big/z");
        long before = server.residentKib();

        JsonNode found = grep(image, "pattern=NEEDLE&path=/big");
        long start = System.nanoTime();
        JsonNode slow = grep(image, "pattern=.NEEDLE%7Cq%5B%5Eq%5Dq&path=/big/a");

        assertThat(System.nanoTime() - start).isLessThan(10_000_000_000L);
        assertThat(slow.get("truncated").isBoolean()).isTrue();
        assertThat(server.residentKib() - before).as("growth in KiB").isLessThan(150_000);
        if (!found.get("truncated").asBoolean()) {
            assertThat(paths(found)).containsExactly("/big/a", "/big/z");
            assertThat(found.at("/matches/0/line_bytes").asLong()).isEqualTo(1_000_000_007);
        }
    }

    @Test
    void fifosDevicesAndLinksOutsideAreNeverOpened() throws Exception {
        Image image = after(
                busybox,
                "mkdir -p /h/in; mkfifo /h/fifo; ln -s /proc/self/environ /h/environ; ln -s / /h/in/root;"
                        + " ln -s ../../../../etc/shadow /h/up; echo root > /h/file; truncate -s 1G /h/sparse");

        assertThat(paths(grep(image, "pattern=root&path=/h"))).containsExactly("/h/file");
        assertThat(api.get("/inspect/" + image.uuid() + "/grep?pattern=a&path=/h/fifo")
                        .statusCode())
                .isEqualTo(422);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "pattern=a&max_total=0",
                "pattern=a&max_total=10001",
                "pattern=a&before=51",
                "pattern=%28",
                "glob=x",
                "pattern=a&case=upper",
                "pattern=a%28%3F%3Db%29",
                "pattern=a&glob=%5B",
                "pattern=a&max_count=x"
            })
    void badParametersAreRefused(String query) throws Exception {
        assertThat(api.get("/inspect/" + box + "/grep?" + query).statusCode()).isEqualTo(400);
    }

    @Test
    void whatIsNotThereIsNotFound() throws Exception {
        assertThat(api.get("/inspect/" + box + "/grep?pattern=a&path=/nowhere").statusCode())
                .isEqualTo(404);
        assertThat(api.get("/inspect/00000000-0000-8000-8000-000000000000/grep?pattern=a")
                        .statusCode())
                .isEqualTo(404);
    }
}
