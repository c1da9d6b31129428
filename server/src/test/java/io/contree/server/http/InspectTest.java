package io.contree.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.linux.RawPath;
import io.contree.store.Commit;
import io.contree.testkit.SeededRandom;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class InspectTest {
    private static final String AT = "/inspect/" + Fixture.IMAGE;
    private final Fixture fixture = new Fixture();
    private final ApiClient client = fixture.client;
    private final FakeTree tree = fixture.engine.images.tree;

    @AfterEach
    void nothingStaysOpen() {
        fixture.close();
        assertThat(fixture.engine.images.openViews).hasValue(0);
    }

    @Test
    void aTagLeadsToTheImageByARelativeRedirect() throws Exception {
        var answer = client.get("/inspect/?tag=busybox:latest");

        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.header("Location")).contains(Fixture.IMAGE + "/");
        assertThat(answer.body()).isEmpty();
        var followed = client.raw(
                "GET", "/prefix/v1/inspect/" + answer.header("Location").get());
        assertThat(new String(followed.body(), UTF_8)).contains("\"uuid\":\"" + Fixture.IMAGE + "\"");
    }

    @Test
    void tagsThatAreMissingOrUnknown() {
        assertThat(client.get("/inspect/").status()).isEqualTo(400);
        assertThat(client.get("/inspect/?tag=").status()).isEqualTo(400);
        assertThat(client.get("/inspect/?tag=nothing").status()).isEqualTo(404);
        assertThat(client.get("/inspect/" + UUID.randomUUID() + "/").status()).isEqualTo(404);
        assertThat(client.get("/inspect/nonsense/").status()).isEqualTo(400);
    }

    @Test
    void aListHasFifteenKeysPerEntry() {
        tree.add("/etc/link", 0120777, 6, "passwd");

        JsonNode list = client.get(AT + "/list?path=/etc").json();

        assertThat(list.get("path").stringValue()).isEqualTo("/etc");
        JsonNode link = list.get("files").get(0);
        assertThat(link).hasSize(15);
        assertThat(link.get("symlink_to").stringValue()).isEqualTo("passwd");
        assertThat(link.get("is_symlink").booleanValue()).isTrue();
        JsonNode passwd = list.get("files").get(1);
        assertThat(passwd.get("path").stringValue()).isEqualTo("passwd");
        assertThat(passwd.get("mode").intValue()).isEqualTo(33188);
        assertThat(passwd.get("owner").stringValue()).isEqualTo("root");
        assertThat(passwd.get("group").stringValue()).isEqualTo("33");
        assertThat(passwd.get("mtime").longValue()).isEqualTo(1_700_000_000);
        assertThat(passwd.get("symlink_to").stringValue()).isEmpty();
    }

    @Test
    void timesOfAnyYearThatAFileSystemHoldsAreShown() {
        // 2400-01-01 does not fit into signed nanoseconds.
        tree.touch("/etc/passwd", Long.parseUnsignedLong("13569465600500000000"));

        JsonNode passwd = client.get(AT + "/list?path=/etc").json().get("files").get(0);
        assertThat(passwd.get("mtime").longValue()).isEqualTo(13_569_465_600L);
        assertThat(client.get(AT + "/list?path=/etc&text=1").text()).contains("2400-01-01 00:00 passwd");
    }

    @Test
    void detailsAreThereIfTheyAreAskedFor() {
        tree.add("/etc/odd" + (char) 0xFF, 0120777, 6, "t" + (char) 0xFE);

        JsonNode list = client.get(AT + "/list?path=/etc&details=1").json();

        JsonNode odd = list.get("files").get(0);
        assertThat(odd.get("path").stringValue()).isEqualTo("odd\ufffd");
        assertThat(odd.at("/details/path_base64").stringValue()).isEqualTo("b2Rk/w==");
        assertThat(odd.at("/details/symlink_to_base64").stringValue()).isEqualTo("dP4=");
        assertThat(odd.at("/details/mtime_nanos").intValue()).isEqualTo(500_000_000);
        assertThat(list.get("files").get(1).get("details")).hasSize(4);
        assertThat(list.at("/self/path").stringValue()).isEqualTo(".");
        assertThat(list.at("/self/is_dir").booleanValue()).isTrue();
        assertThat(client.get(AT + "/list?path=/etc").json().has("self")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"'', /", "?path=, /", "?path=etc, /etc", "?path=~, /root", "?path=~/x, /root/x"})
    void relativePathsAndHomes(String query, String directory) {
        tree.directory("/root");
        tree.directory("/root/x");
        tree.file((directory.equals("/") ? "" : directory) + "/mark", new byte[0]);

        assertThat(client.get(AT + "/list" + query).text()).contains("\"path\":\"mark\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"?path=/etc&text=1", "?path=/etc&text=", "?path=/etc&text"})
    void aListAsText(String query) {
        tree.add("/etc/a\nb", 0104755, 1234, "");
        tree.add("/etc/link", 0120777, 6, "passwd");

        var answer = client.get(AT + "/list" + query);

        assertThat(answer.header("Content-Type")).contains("text/plain; charset=utf-8");
        assertThat(answer.text()).isEqualTo("""
                        total 3
                        -rwsr-xr-x 1 root 33 1234 2023-11-14 22:13 a\\nb
                        lrwxrwxrwx 1 root 33    6 2023-11-14 22:13 link -> passwd
                        -rw-r--r-- 1 root 33   11 2023-11-14 22:13 passwd
                        """);
    }

    @ParameterizedTest
    @CsvSource({
        "list?path=/nothing, 404",
        "list?path=/etc/passwd, 422",
        "list?path=%00, 400",
        "download?path=/nothing, 404",
        "download?path=/etc, 422",
        "download, 400",
        "download?path=, 400",
        "archive?path=/nothing, 404",
        "archive?path=/dev/null, 422",
        "archive, 400"
    })
    void pathsThatDoNotFit(String request, int status) {
        tree.add("/dev/null", 0020666, 0, "");

        assertThat(client.get(AT + "/" + request).status()).isEqualTo(status);
        if (!request.startsWith("list")) {
            assertThat(client.head(AT + "/" + request).status()).isEqualTo(status);
        }
    }

    private List<String> paged(String path, int limit) {
        List<String> names = new ArrayList<>();
        String cursor = "";
        while (cursor != null) {
            JsonNode page = client.get(AT + "/list?path=" + path + "&details=1&limit=" + limit + cursor)
                    .json();
            assertThat(page.get("files").size()).isLessThanOrEqualTo(limit);
            page.get("files").valueStream().map(InspectTest::rawName).forEach(names::add);
            cursor = page.get("next_cursor").isNull()
                    ? null
                    : "&cursor=" + page.get("next_cursor").stringValue();
        }
        return names;
    }

    private static String rawName(JsonNode file) {
        JsonNode raw = file.at("/details/path_base64");
        return raw.isString()
                ? new String(Base64.getDecoder().decode(raw.stringValue()), ISO_8859_1)
                : RawPath.of(file.get("path").stringValue()).raw();
    }

    @Test
    void pagesMakeUpTheWholeWhateverTheirLength() {
        SeededRandom random = new SeededRandom(3);
        TreeSet<String> names = new TreeSet<>(random.list(23, 23, () -> random.rawName(12)));
        tree.directory("/many");
        names.forEach(name -> tree.add("/many/" + name, 0100644, 1, ""));

        for (int limit : new int[] {1, 2, names.size() - 1, names.size(), names.size() + 1, 10_000}) {
            assertThat(paged("/many", limit)).as("limit %s", limit).containsExactlyElementsOf(names);
        }
        JsonNode whole = client.get(AT + "/list?path=/many&details=1").json();
        assertThat(whole.get("files").valueStream().map(InspectTest::rawName)).containsExactlyElementsOf(names);
        assertThat(whole.has("next_cursor")).isFalse();
        tree.directory("/empty");
        assertThat(paged("/empty", 5)).isEmpty();
        assertThat(client.get(AT + "/list?path=/empty").text()).isEqualTo("{\"path\":\"/empty\",\"files\":[]}");
        assertThat(client.get(AT + "/list?path=/empty&text=1").text()).isEqualTo("total 0\n");
    }

    @Test
    void aLongDirectoryComesWholeInEveryForm() {
        tree.directory("/long");
        for (int i = 0; i < 3001; i++) {
            tree.add("/long/%05d".formatted(i), 0100644, i % 7 == 0 ? 123_456_789 : 1, "");
        }

        assertThat(client.get(AT + "/list?path=/long").json().get("files")).hasSize(3001);
        assertThat(client.get(AT + "/list?path=/long", "Accept-Encoding", "gzip")
                        .json()
                        .at("/files/3000/path")
                        .stringValue())
                .isEqualTo("03000");
        List<String> lines =
                client.get(AT + "/list?path=/long&text=1").text().lines().toList();
        assertThat(lines).hasSize(3002);
        assertThat(lines.get(2)).isEqualTo("-rw-r--r-- 1 root 33         1 2023-11-14 22:13 00001");
        assertThat(lines.getLast().length()).isEqualTo(lines.get(1).length());
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=10001", "limit=x", "cursor=%2F%2F", "limit=5&text=1", "cursor=YQ&text"})
    void pagesThatThereAreNot(String query) {
        assertThat(client.get(AT + "/list?path=/etc&" + query).status()).isEqualTo(400);
    }

    @Test
    void aPathTooLongIs400() {
        assertThat(client.get(AT + "/list?path=/" + "a".repeat(5000)).status()).isEqualTo(400);
    }

    @Test
    void aDownloadIsByteExactWithItsLength() {
        byte[] bytes = new byte[300_000];
        new Random(1).nextBytes(bytes);
        tree.file("/bin", bytes);

        var answer = client.get(AT + "/download?path=/bin", "Accept-Encoding", "gzip");

        assertThat(answer.body()).isEqualTo(bytes);
        assertThat(answer.header("Content-Length")).contains("300000");
        assertThat(answer.header("Content-Encoding")).isEmpty();
        assertThat(client.head(AT + "/download?path=/bin").header("Content-Length"))
                .contains("300000");
        assertThat(client.get(AT + "/download?path=/etc/passwd&text").header("Content-Type"))
                .contains("text/plain; charset=utf-8");
    }

    @Test
    void anEmptyFileIsAnEmptyDownload() {
        tree.file("/empty", new byte[0]);

        assertThat(client.get(AT + "/download?path=/empty").header("Content-Length"))
                .contains("0");
    }

    @Test
    void namesThatAreNoTextCanBeDownloaded() {
        tree.file("/\u00ff", new byte[] {7});
        tree.file(RawPath.of("/ä b+c").raw(), new byte[] {8});

        assertThat(client.get(AT + "/download?path=/%FF").body()).containsExactly(7);
        assertThat(client.get(AT + "/download?path=/%C3%A4+b%2Bc").body()).containsExactly(8);
    }

    @Test
    void aHugeDownloadNeedsNoMemory() throws Exception {
        long size = 3L << 30;
        tree.zeros("/huge", size);

        var response = client.stream(AT + "/download?path=/huge");

        assertThat(response.headers().firstValue("Content-Length")).contains(Long.toString(size));
        assertThat(count(response.body())).isEqualTo(size);
    }

    private static long count(InputStream in) throws IOException {
        byte[] buffer = new byte[1 << 20];
        long count = 0;
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            count += read;
        }
        return count;
    }

    @Test
    void anArchiveIsNamedAfterItsPathAndCompressedIfAsked() throws Exception {
        tree.file("/bin/true", new byte[0]);

        var plain = client.get(AT + "/archive?path=/bin/true");
        assertThat(plain.text()).isEqualTo("tar of /bin/true");
        assertThat(plain.header("Content-Disposition")).contains("attachment; filename=\"bin_true.tar\"");
        assertThat(plain.header("Content-Encoding")).isEmpty();
        var zipped = client.stream(AT + "/archive?path=/", "Accept-Encoding", "gzip");
        assertThat(zipped.headers().firstValue("Content-Encoding")).contains("gzip");
        assertThat(new GZIPInputStream(zipped.body()).readAllBytes()).isEqualTo("tar of /".getBytes(UTF_8));
        assertThat(client.head(AT + "/archive?path=/etc").status()).isEqualTo(200);
    }

    @Test
    void anArchiveThatBreaksIsCutAndNotEnded() {
        tree.file("/broken", new byte[0]);

        assertThatThrownBy(
                        () -> client.stream(AT + "/archive?path=/broken").body().readAllBytes())
                .isInstanceOf(IOException.class);
        assertThatThrownBy(
                        () -> new GZIPInputStream(client.stream(AT + "/archive?path=/broken", "Accept-Encoding", "gzip")
                                        .body())
                                .readAllBytes())
                .isInstanceOf(IOException.class);
    }

    @Test
    void longListsComeWithoutContentLength() throws Exception {
        for (int i = 0; i < 1000; i++) {
            tree.file("/etc/file-" + i, new byte[0]);
        }

        var answer = client.get(AT + "/list?path=/etc");
        assertThat(answer.json().get("files")).hasSize(1001);
        assertThat(answer.header("Content-Length")).isEmpty();
        assertThat(client.get(AT + "/list?path=/").header("Content-Length")).isPresent();
        var zipped = client.stream(AT + "/list?path=/etc", "Accept-Encoding", "gzip");
        assertThat(new GZIPInputStream(zipped.body()).readAllBytes()).isEqualTo(answer.body());
        var identity = client.stream(AT + "/list?path=/etc", "Accept-Encoding", "identity");
        assertThat(identity.headers().firstValue("Content-Encoding")).isEmpty();
        assertThat(identity.body().readAllBytes()).isEqualTo(answer.body());
    }

    @Test
    void changesBetweenTwoImages() {
        fixture.engine.images.changes =
                new Commit.Changes(List.of(new Commit.Change(Commit.Kind.ADDED, new RawPath("\u00c3\u00a4"))), 4);

        var answer = client.get(AT + "/changes?from=" + Fixture.IMAGE + "&limit=1");

        assertThat(answer.text()).isEqualTo("{\"changes\":[{\"kind\":\"added\",\"path\":\"/ä\"}],\"more\":4}");
        assertThat(client.get(AT + "/changes").status()).isEqualTo(400);
        assertThat(client.get(AT + "/changes?from=" + UUID.randomUUID()).status())
                .isEqualTo(404);
        assertThat(client.get(AT + "/changes?limit=0&from=" + Fixture.IMAGE).status())
                .isEqualTo(400);
    }
}
