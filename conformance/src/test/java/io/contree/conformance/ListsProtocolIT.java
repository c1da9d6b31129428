package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Pages and time filters of the three lists: images, files, operations. */
class ListsProtocolIT extends ServerSuite {
    private static final List<String> NAMES = List.of("a", "b", "c", "d", "e", "f", "g");

    @BeforeAll
    void fill() throws Exception {
        for (String name : NAMES) {
            api.tag(box, "page:" + name);
            api.upload(("file " + name).getBytes(java.nio.charset.StandardCharsets.UTF_8));
            api.await(api.spawn(Map.of("image", box, "command", "true", "disposable", true)));
        }
    }

    private List<JsonNode> items(String path) throws Exception {
        JsonNode list = api.getJson(path);
        return (list.isArray() ? list : list.iterator().next()).valueStream().toList();
    }

    private static String with(String path, String parameter) {
        return path + (path.contains("?") ? "&" : "?") + parameter;
    }

    @ParameterizedTest
    @ValueSource(strings = {"/images?tag=page:", "/files", "/operations?kind=instance"})
    void pagesAreFullToTheLastAndTogetherTheWholeList(String path) throws Exception {
        List<JsonNode> all = items(with(path, "limit=1000"));
        assertThat(all).hasSize(NAMES.size());
        List<JsonNode> paged = new ArrayList<>();
        for (int offset = 0; offset < 9; offset += 3) {
            List<JsonNode> page = items(with(path, "limit=3&offset=" + offset));
            assertThat(page).hasSize(Math.min(3, NAMES.size() - offset));
            paged.addAll(page);
        }
        assertThat(paged).isEqualTo(all);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/images", "/files", "/operations"})
    void newestFirst(String path) throws Exception {
        assertThat(items(path).stream().map(item -> item.get("created_at").asString()))
                .hasSizeGreaterThan(1)
                .isSortedAccordingTo((one, other) -> other.compareTo(one));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/images", "/files", "/operations"})
    void aPageBeyondTheEndIsEmptyAndAnUnlawfulOneIs400(String path) throws Exception {
        assertThat(items(with(path, "offset=100000"))).isEmpty();
        for (String wrong : List.of("limit=0", "limit=1001", "limit=-1", "limit=many", "offset=-1")) {
            assertThat(api.get(with(path, wrong)).statusCode()).as(wrong).isEqualTo(400);
        }
    }

    private static final List<String> LISTS = List.of("/images", "/files", "/operations");

    /** Points in time some while ago, in every form that clients send. */
    static Stream<String> past() {
        Instant ago = Instant.now().minusSeconds(900);
        LocalDateTime naive = LocalDateTime.now(ZoneId.systemDefault()).minusMinutes(15);
        return Stream.of(
                "3600",
                "3600.5",
                "600s",
                "15m",
                "1h",
                "2d",
                "1w",
                Long.toString(ago.getEpochSecond()),
                ago.getEpochSecond() + ".25",
                ago.toString(),
                ago.getEpochSecond() % 2 == 0 ? "2026-01-02T03:04:05Z" : "2026-01-02T03:04:05.123456Z",
                "2026-01-02T03:04:05+00:00",
                OffsetDateTime.ofInstant(ago, ZoneOffset.ofHours(-7)).toString(),
                naive.withNano(0).toString(),
                naive.toString(),
                LocalDate.now(ZoneId.systemDefault()).minusDays(2).toString());
    }

    @ParameterizedTest
    @MethodSource("past")
    void sinceAPastTimeIsEverythingAndUntilItNothing(String time) throws Exception {
        for (String list : LISTS) {
            assertThat(items(list + "?since=" + Api.encode(time))).as(list).isNotEmpty();
            assertThat(items(list + "?until=" + Api.encode(time))).as(list).isEmpty();
        }
    }

    @Test
    void aPlusThatNobodyEscapedIsAnOffsetToo() throws Exception {
        String soon = Instant.now()
                .plusSeconds(3600)
                .atOffset(ZoneOffset.ofHours(2))
                .withNano(0)
                .toString();
        assertThat(soon).contains("+02:00");
        for (String list : LISTS) {
            assertThat(items(list + "?until=" + soon)).as(list).isNotEmpty();
            assertThat(items(list + "?since=" + soon)).as(list).isEmpty();
        }
    }

    @Test
    void theEarlyClientsLocalNowIncludesWhatWasJustMade() throws Exception {
        assertThat(items("/images?until="
                        + Api.encode(LocalDateTime.now(ZoneId.systemDefault())
                                .plusSeconds(1)
                                .toString())))
                .isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"yesterday", "2026-13-01", "1y", "2026-01-02T25:00:00Z", "-5"})
    void whatIsNoTimeIs400(String time) throws Exception {
        for (String list : LISTS) {
            assertThat(api.get(list + "?since=" + time).statusCode()).isEqualTo(400);
            assertThat(api.get(list + "?until=" + time).statusCode()).isEqualTo(400);
        }
    }
}
