package io.contree.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.api.ContreeException;
import io.contree.linux.FileCalls;
import io.contree.server.config.ServerConfig;
import io.contree.server.http.ApiClient;
import io.contree.testkit.LeakChecker;
import io.contree.testkit.Requirements;
import io.contree.testkit.SeededRandom;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bytes of the catalog that are not what was written: a check names what it finds, a server refuses to start or serves what can be read,
 * and nobody gets a stack trace. More of them, by hand: {@code -Dcontree.flips=2000}.
 */
@ExtendWith(LeakChecker.class)
class CatalogDamageIT {
    private static final int FLIPS = Integer.getInteger("contree.flips", 12);
    private static final int PAGE = 4096;

    @TempDir
    private static Path directory;

    private static SoundData sound;
    private static List<String> records;

    @BeforeAll
    static void make() throws Exception {
        Requirements.root();
        Requirements.crun();
        sound = SoundData.make(directory);
        records = records(sound.layout().catalog());
    }

    /** All rows of all tables, as text. */
    private static List<String> records(Path catalog) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection database = DriverManager.getConnection("jdbc:sqlite:file:" + catalog + "?immutable=1");
                Statement statement = database.createStatement()) {
            List<String> tables = new ArrayList<>();
            try (ResultSet found = statement.executeQuery(
                    "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name")) {
                while (found.next()) {
                    tables.add(found.getString(1));
                }
            }
            for (String table : tables) {
                List<String> columns = new ArrayList<>();
                try (ResultSet found = statement.executeQuery("select name from pragma_table_info('" + table + "')")) {
                    while (found.next()) {
                        columns.add("quote(\"" + found.getString(1) + "\")");
                    }
                }
                // Without an index, which may be what is damaged.
                try (ResultSet row = statement.executeQuery(
                        "select " + String.join(" || ',' || ", columns) + " from \"" + table + "\" not indexed")) {
                    while (row.next()) {
                        rows.add(table + ": " + row.getString(1));
                    }
                }
            }
        }
        return rows.stream().sorted().toList();
    }

    @Test
    void flippedBytesAreFoundOrLeaveWellFormedRecords() throws Exception {
        int[] counts = new int[3];
        SeededRandom.forAll(FLIPS, random -> {
            Path to = Files.createTempDirectory(directory, "flipped").resolve("data");
            SoundData data = sound.copy(to);
            try {
                Path catalog = data.layout().catalog();
                String what = flip(catalog, random);
                List<Fsck.Row> rows = faults(data, what);
                boolean found = rows.stream().anyMatch(row -> !row.kind().equals("leftover"));
                if (!found) {
                    assertThat(differences(catalog))
                            .as(what + " left well-formed values")
                            .hasSizeLessThanOrEqualTo(2);
                }
                boolean started = meet(data, what);
                if (!started) {
                    assertThat(rows).as(what).anyMatch(row -> row.kind().equals("catalog"));
                }
                counts[!started ? 0 : found ? 1 : 2]++;
            } finally {
                FileCalls.removeTree(to.getParent());
            }
        });
        System.out.printf(
                "%d flips: %d refused, %d found and served, %d not found: unused bytes, or values that are well formed%n",
                FLIPS, counts[0], counts[1], counts[2]);
    }

    @Test
    void aDamagedHeadAndACutFileAreRefused() throws Exception {
        for (int at : List.of(0, 100, PAGE - 1)) {
            Path to = Files.createTempDirectory(directory, "damaged").resolve("data");
            SoundData data = sound.copy(to);
            try (RandomAccessFile file =
                    new RandomAccessFile(data.layout().catalog().toFile(), "rw")) {
                if (at < PAGE - 1) {
                    file.seek(at);
                    file.write(255);
                } else {
                    file.setLength(file.length() - PAGE);
                }
                List<Fsck.Row> rows = faults(data, "byte " + at);
                assertThat(rows)
                        .filteredOn(row -> !row.kind().equals("leftover"))
                        .hasSize(1);
                assertThat(rows).anySatisfy(row -> {
                    assertThat(row.kind()).isEqualTo("catalog");
                    assertThat(row.what()).contains("put back the newest copy").contains("all images are affected");
                });
                assertThat(meet(data, "byte " + at)).isFalse();
            } finally {
                FileCalls.removeTree(to.getParent());
            }
        }
    }

    /** The rows that are gone, and those that were not there. */
    private static List<String> differences(Path catalog) throws SQLException {
        List<String> now = records(catalog);
        List<String> gone = new ArrayList<>(records);
        now.forEach(gone::remove);
        List<String> came = new ArrayList<>(now);
        records.forEach(came::remove);
        gone.addAll(came);
        return gone;
    }

    /** A bit where something is stored, or a byte in the head of a page. */
    private static String flip(Path catalog, SeededRandom random) throws Exception {
        try (RandomAccessFile file = new RandomAccessFile(catalog.toFile(), "rw")) {
            boolean head = random.chance(30);
            int at;
            int was;
            do {
                int page = random.between(0, (int) (file.length() / PAGE) - 1);
                at = page * PAGE + (head ? random.between(0, page == 0 ? 150 : 60) : random.between(0, PAGE - 1));
                file.seek(at);
                was = file.read();
            } while (was == 0 && !head);
            int now = head ? random.between(0, 255) : was ^ 1 << random.between(0, 7);
            file.seek(at);
            file.write(now);
            return "byte " + at % PAGE + " of page " + (at / PAGE + 1) + " from " + was + " to " + now;
        }
    }

    private static List<Fsck.Row> faults(SoundData data, String what) {
        List<Fsck.Row> rows = new ArrayList<>();
        try {
            Fsck.check(data.data(), Fsck.Mode.CHECK, false, (step, done, total, read) -> {}, rows::add);
        } catch (RuntimeException e) {
            throw new AssertionError(what + ": the check failed after " + rows, e);
        }
        return rows;
    }

    /** Whether a server starts; one that does answers. */
    private static boolean meet(SoundData data, String what) throws Exception {
        Map<String, String> settings = new HashMap<>(SoundData.settings(data.data(), directory.resolve("rootfs")));
        settings.put("networking", "off"); // which takes longest
        try (ContreeServer server = ContreeServer.start(ServerConfig.load(settings, Map.of()));
                ApiClient client = new ApiClient(server.uri(), server.createToken())) {
            for (String path : List.of(
                    "/images",
                    "/operations",
                    "/files",
                    "/usage",
                    "/operations/" + data.run(),
                    "/inspect/" + data.second() + "/download?path=/d/more",
                    "/inspect/" + data.first() + "/list?path=/d")) {
                var answer = client.get(path);
                if (answer.status() >= 500) {
                    assertThat(answer.error()).as(what + ": " + path).contains("catalog");
                }
            }
            return true;
        } catch (ContreeException e) {
            assertThat(e.getMessage()).as(what).contains("catalog");
            return false;
        } catch (RuntimeException e) {
            throw new AssertionError(what + ": the server met it without a word", e);
        }
    }
}
