package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.sdk.Diff;
import io.contree.sdk.DiffQuery;
import io.contree.sdk.Image;
import io.contree.testkit.Program;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What differs between two images, and the patch that says it to git. */
class DiffIT extends SharedServerSuite {
    private static final String PROJECT =
            "mkdir -p /repo/.git /repo/src; seq 1 100 > /repo/src/a.py; echo old > '/repo/src/old name'; echo 1 > /repo/.git/index;"
                    + " ln -s a.py /repo/src/link; echo run > /repo/run.sh; touch /repo/touched; mkdir /repo/gone; echo x > /repo/gone/x";
    private static final String WORK =
            "sed -i '50s/.*/changed/' /repo/src/a.py; mv '/repo/src/old name' /repo/src/new; echo 2 > /repo/.git/index;"
                    + " ln -sfn run.sh /repo/src/link; chmod 755 /repo/run.sh; touch -d @1 /repo/touched; rm -r /repo/gone;"
                    + " head -c 100000 /dev/urandom > /repo/src/data.bin; chown 33:33 /repo/src/a.py; echo 1 > /elsewhere";

    private JsonNode diff(Image from, Image to, String query) throws Exception {
        return api.getJson("/images/" + from.uuid() + "/diff/" + to.uuid() + query);
    }

    private static List<String> lines(JsonNode diff) {
        return diff.get("differences")
                .valueStream()
                .map(one -> one.get("kind").asString() + " " + one.get("path").asString()
                        + one.get("changed")
                                .valueStream()
                                .map(JsonNode::asString)
                                .toList())
                .toList();
    }

    @Test
    void everyKindOfChange() throws Exception {
        Image before = after(busybox, PROJECT);
        Image after = after(before, WORK);

        JsonNode diff = diff(before, after, "?times=false&path=/repo&exclude=/repo/.git");
        assertThat(lines(diff))
                .containsExactly(
                        "deleted /repo/gone[]",
                        "deleted /repo/gone/x[]",
                        "modified /repo/run.sh[mode]",
                        "modified /repo/src/a.py[content, owner, time]",
                        "added /repo/src/data.bin[]",
                        "modified /repo/src/link[target]",
                        "renamed /repo/src/new[]");
        assertThat(diff.get("totals").toString()).isEqualTo("{\"added\":1,\"modified\":3,\"deleted\":2,\"renamed\":1}");
        JsonNode renamed = diff.get("differences").get(6);
        assertThat(renamed.at("/before/path").asString()).isEqualTo("/repo/src/old name");
        assertThat(diff.get("differences").get(3).at("/after/uid").asInt()).isEqualTo(33);
        assertThat(lines(diff(before, after, "?path=/repo/touched"))).containsExactly("modified /repo/touched[time]");
        assertThat(lines(diff(before, after, "?renames=0&path=/repo/src/new&path=/repo/src/old%20name")))
                .containsExactly("added /repo/src/new[]", "deleted /repo/src/old name[]");
        assertThat(lines(diff(after, after, ""))).isEmpty();
        // What two images that share nothing but their begin show is the same as what lies between them on a road.
        Image other = after(busybox, "touch /other");
        assertThat(lines(diff(other, after, "?path=/other"))).containsExactly("deleted /other[]");
    }

    @Test
    void pages() throws Exception {
        Image before = after(busybox, "mkdir -p /many/d; for i in $(seq 1 25); do echo $i > /many/$i; done");
        Image after = after(
                before, "rm -r /many/1*; for i in 3 4 5; do echo new$i > /many/d/$i; done; mv /many/2 /many/moved");
        List<String> whole = lines(diff(before, after, "?times=0"));
        assertThat(whole).hasSizeGreaterThan(12);

        List<String> pieces = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = diff(before, after, "?times=0&limit=3" + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
            assertThat(page.get("differences").size()).isBetween(1, 3);
            pieces.addAll(lines(page));
            cursor = page.path("next_cursor").asString("");
        } while (!cursor.isEmpty());
        assertThat(pieces).isEqualTo(whole);
    }

    @Test
    void aPatchOfARepositoryGoesIntoGit(@TempDir Path directory) throws Exception {
        Image before = after(busybox, PROJECT);
        Image after = after(before, WORK);
        Path work = before.downloadTree("/repo", directory.resolve("work"));
        Path expected = after.downloadTree("/repo", directory.resolve("expected"));
        DiffQuery query = DiffQuery.all().exclude("/repo/.git");
        Path patch = directory.resolve("patch");
        try (InputStream in = before.patch(after, "/repo", query)) {
            Files.copy(in, patch);
        }

        assertThat(Files.readString(patch, StandardCharsets.ISO_8859_1))
                .doesNotContain("contree:", "repo/", "elsewhere");
        new Program("sh").run("-ec", "cd " + work + "; GIT_CEILING_DIRECTORIES=/ git apply --binary " + patch);
        new Program("diff").run("-r", "--no-dereference", "-x", ".git", work.toString(), expected.toString());
        assertThat(Files.isExecutable(work.resolve("run.sh"))).isTrue();
    }

    @Test
    void whatGitHasNoWordsForIsANote() throws Exception {
        Image before = after(busybox, "echo 1 > /f");
        Image after = after(before, "chown 33 /f; mkfifo /fifo; mkdir /empty; echo 2 > /g");
        String patch = text(before, after, "?format=patch&notes=1&times=0");

        assertThat(patch.lines().filter(line -> line.startsWith("contree: ")))
                .hasSize(3)
                .anyMatch(line -> line.contains("\"/fifo\""))
                .anyMatch(line -> line.contains("\"uid\":33"));
        assertThat(text(before, after, "?format=patch"))
                .startsWith("diff --git a/g b/g\n")
                .doesNotContain("contree:");
    }

    private String text(Image from, Image to, String query) throws Exception {
        var answer = api.get("/images/" + from.uuid() + "/diff/" + to.uuid() + query);
        assertThat(answer.statusCode()).isEqualTo(200);
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    @Test
    void theClientGetsAllPages() {
        Image before = busybox;
        Image after = after(before, "mkdir /all; cd /all; seq 1 10500 | xargs touch");

        Diff diff = before.diff(after);
        assertThat(diff.differences()).hasSize(10_501);
        assertThat(diff.totals().added()).isEqualTo(10_501);
        assertThat(after.diff(before, DiffQuery.all().path("/all/5")).differences())
                .singleElement()
                .satisfies(entry -> assertThat(entry.kind()).isEqualTo("deleted"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?limit=0",
                "?limit=x",
                "?cursor=***",
                "?path=/a/../b",
                "?format=tar",
                "?relative=/a",
                "?times=maybe",
                "?format=patch&limit=1",
                "?format=patch&cursor=YQ",
                "?format=patch&relative=/a&path=/b"
            })
    void mistakesAreTold(String query) throws Exception {
        var answer = api.get("/images/" + box + "/diff/" + box + query);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains("error");
    }

    @Test
    void anUnknownImageIsNotFound() throws Exception {
        assertThat(api.get("/images/" + box + "/diff/" + UUID.randomUUID()).statusCode())
                .isEqualTo(404);
        assertThat(api.get("/images/" + UUID.randomUUID() + "/diff/" + box + "?format=patch")
                        .statusCode())
                .isEqualTo(404);
    }
}
