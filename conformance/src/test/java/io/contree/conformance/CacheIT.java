package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.sdk.Contree;
import io.contree.sdk.Image;
import io.contree.sdk.Run;
import io.contree.sdk.RunResult;
import io.contree.sdk.async.AsyncContree;
import io.contree.sdk.async.AsyncRunResult;
import io.contree.server.Backups;
import io.contree.server.Fsck;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Runs that an equal one answers for, by real runs whose output tells whether they ran. */
class CacheIT extends ServerSuite {
    private static final String RANDOM = "head -c 16 /dev/urandom | md5sum | tee /random";

    private static Run cached(Image image, String script) {
        return image.shell(script).networking(false).cache();
    }

    private Map<String, Object> request(String script) {
        Map<String, Object> request = new HashMap<>(Map.of("image", box, "command", script, "shell", true));
        request.put("networking", Map.of("enabled", false));
        request.put("cache", true);
        return request;
    }

    @Test
    void bothClientsGetTheResultOfTheFirst() throws Exception {
        RunResult first = cached(busybox, RANDOM).execute();
        RunResult second = cached(busybox, RANDOM).execute();

        assertThat(first.cachedFrom()).isEmpty();
        assertThat(second.cachedFrom()).contains(first.operation().uuid());
        assertThat(second.stdout()).isEqualTo(first.stdout()).isNotEmpty();
        assertThat(second.imageUuid()).isEqualTo(first.imageUuid());
        assertThat(second.image().readText("/random")).isEqualTo(first.stdout());
        try (AsyncContree async = server.connect().async()) {
            AsyncRunResult third = async.images()
                    .use(box)
                    .shell(RANDOM)
                    .networking(false)
                    .cache()
                    .execute()
                    .get();
            assertThat(third.cachedFrom()).contains(first.operation().uuid());
            assertThat(third.stdout()).isEqualTo(first.stdout());
        }
        RunResult other = busybox.shell(RANDOM).networking(false).execute();
        assertThat(other.stdout()).isNotEqualTo(first.stdout());
    }

    @Test
    void theWireSaysSo() throws Exception {
        String script = "echo wire; " + RANDOM;
        JsonNode first = api.await(api.spawn(request(script)));
        String operation = api.spawn(request(script));

        JsonNode second = api.getJson("/operations/" + operation);
        assertThat(second.path("status").asString()).isEqualTo("SUCCESS");
        assertThat(second.path("cached_from").asString())
                .isEqualTo(first.path("uuid").asString());
        assertThat(second.at("/metadata/cache").asBoolean()).isTrue();
        assertThat(second.at("/metadata/result")).isEqualTo(first.at("/metadata/result"));
        assertThat(second.path("outcome")).isEqualTo(first.path("outcome"));
        assertThat(first.has("cached_from")).isFalse();
        String events = text(api.get("/operations/" + operation + "/events"));
        assertThat(events)
                .contains("event: stdout")
                .contains("\"cached_from\":\"" + first.path("uuid").asString());
        assertThat(text(api.get("/operations/" + first.path("uuid").asString() + "/events")))
                .doesNotContain("cached_from");
        assertThat(api.getJson("/operations?limit=1").get(0).path("cached_from").asString())
                .isEqualTo(first.path("uuid").asString());
    }

    @Test
    void aRunThatMayHaveANetworkIsRefused() throws Exception {
        Map<String, Object> networked = request("true");
        networked.put("networking", Map.of("enabled", true));
        HttpResponse<byte[]> answer = api.post("/instances", networked);

        assertThat(answer.statusCode()).as(text(answer)).isEqualTo(400);
        assertThat(text(answer)).contains("networking.enabled");
        Map<String, Object> open = request("cat");
        open.put("stdin", Map.of("value", "a", "close", false));
        HttpResponse<byte[]> refused = api.post("/instances", open);
        assertThat(refused.statusCode()).as(text(refused)).isEqualTo(400);
        assertThat(text(refused)).contains("standard input stays open");
        Map<String, Object> odd = request("true");
        odd.put("cache", "yes");
        assertThat(text(api.post("/instances", odd))).contains("field 'cache'").contains("true or false");
    }

    @Test
    void whatWasRemovedIsMadeAgain() throws Exception {
        String script = "echo removed; " + RANDOM;
        RunResult first = cached(busybox, script).execute();
        first.image().remove();
        contree.images().collect();

        RunResult second = cached(busybox, script).execute();
        assertThat(second.cachedFrom()).isEmpty();
        assertThat(second.image().readText("/random"))
                .isEqualTo(second.stdout().lines().skip(1).findFirst().orElseThrow() + "\n");
        assertThat(cached(busybox, script).execute().cachedFrom())
                .contains(second.operation().uuid());
    }

    @Test
    void theSameStateUnderAnotherTagIsEqualAndAnotherStateIsNot() {
        String script = "echo state; " + RANDOM;
        UUID first = cached(busybox, script).execute().operation().uuid();
        Image renamed = busybox.tagAs("renamed:1");

        assertThat(cached(renamed, script).execute().cachedFrom()).contains(first);
        assertThat(cached(after(busybox, "echo > /other"), script).execute().cachedFrom())
                .isEmpty();
    }

    @Test
    void aLargeOutputIsReadFromTheAnswer() throws Exception {
        Run large = cached(busybox, "yes | head -c 5000000").outputLimit(10 << 20);
        RunResult first = large.execute();
        RunResult second = large.execute();

        assertThat(second.cachedFrom()).contains(first.operation().uuid());
        assertThat(second.stdoutBytes()).hasSize(5_000_000).isEqualTo(first.stdoutBytes());
    }

    @Test
    void itSurvivesARestartABackupAndItsRestore() throws Exception {
        UUID first;
        Path home = Files.createDirectory(this.home.resolve("restarted"));
        try (TestServer before = TestServer.start(home);
                Contree client = before.connect()) {
            Image image =
                    client.images().importFrom("rootfs:" + root).tag("box:1").execute();
            first = cached(image, RANDOM).execute().operation().uuid();
        }
        UUID second;
        try (TestServer after = TestServer.start(home);
                Contree client = after.connect()) {
            second = repetition(client, first);
        }
        List<Fsck.Row> faults = new ArrayList<>();
        Fsck.check(home.resolve("data"), Fsck.Mode.CHECK, true, (what, done, total, bytes) -> {}, faults::add);
        assertThat(faults).isEmpty();

        Path backup = Files.createDirectory(this.home.resolve("backup"));
        Backups.make(home.resolve("data"), backup, 1, progress -> {});
        Path elsewhere = Files.createDirectory(this.home.resolve("elsewhere"));
        Backups.restore(backup, Optional.empty(), elsewhere.resolve("data"), false, progress -> {});
        Files.createDirectory(elsewhere.resolve("profile"));
        Files.copy(home.resolve("profile/auth.ini"), elsewhere.resolve("profile/auth.ini"));
        try (TestServer restored = TestServer.start(elsewhere);
                Contree client = restored.connect()) {
            assertThat(client.operations()
                            .get(second)
                            .process()
                            .orElseThrow()
                            .stdout()
                            .value())
                    .isNotEmpty();
            repetition(client, first);
        }
    }

    /** The operation of a run that the first one answers. */
    private static UUID repetition(Contree client, UUID first) {
        RunResult again = cached(client.images().find("box:1"), RANDOM).execute();
        assertThat(again.cachedFrom()).contains(first);
        assertThat(again.stdout()).isNotEmpty();
        return again.operation().uuid();
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }
}
