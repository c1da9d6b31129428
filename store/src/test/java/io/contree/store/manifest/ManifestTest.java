package io.contree.store.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import io.contree.store.Digest;
import io.contree.store.StoreException;
import io.contree.store.state.TreeEntry;
import io.contree.testkit.SeededRandom;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestTest {
    @TempDir
    Path directory;

    private static TreeEntry entry(String path, int type, int group) {
        boolean regular = type == Stat.REGULAR;
        return new TreeEntry(
                new RawPath(path),
                type | 0644,
                type == Stat.DIRECTORY && path.endsWith("q"),
                -1,
                70_000,
                -5,
                regular ? 1L << 40 : 0,
                regular ? Optional.of(new Digest("63".repeat(31) + "ff")) : Optional.empty(),
                new RawPath(type == Stat.SYMLINK ? "t\u00e9" : ""),
                group,
                type == Stat.BLOCK_DEVICE ? 4095 : 0,
                type == Stat.BLOCK_DEVICE ? 1_048_575 : 0,
                path.length() % 2 == 0
                        ? new TreeMap<>(Map.of("user.a", "\u0000\u00ff", "user.b", ""))
                        : new TreeMap<>());
    }

    private Path write(List<TreeEntry> entries) throws IOException {
        Path file = directory.resolve("manifest");
        try (ManifestWriter writer = new ManifestWriter(file)) {
            for (TreeEntry entry : entries) {
                writer.add(entry);
            }
            writer.finish();
        }
        return file;
    }

    private static final List<TreeEntry> SAMPLE = List.of(
            entry("", Stat.DIRECTORY, 0),
            entry("a", Stat.DIRECTORY, 0),
            entry("a/b", Stat.REGULAR, 1),
            entry("a/q", Stat.DIRECTORY, 0),
            entry("a-b", Stat.SYMLINK, 0),
            entry("a.c", Stat.REGULAR, 2),
            TreeEntry.whiteout(new RawPath("b")),
            entry("dev", Stat.BLOCK_DEVICE, 0),
            entry("x", Stat.REGULAR, 1));

    @Test
    void returnsWhatWasWritten() throws IOException {
        Manifest manifest = Manifest.open(write(SAMPLE));
        assertThat(manifest.count()).isEqualTo(SAMPLE.size());
        for (int i = 0; i < SAMPLE.size(); i++) {
            assertThat(manifest.entry(i)).isEqualTo(SAMPLE.get(i));
            assertThat(manifest.find(SAMPLE.get(i).path())).isEqualTo(i);
            assertThat(manifest.isWhiteout(i)).isEqualTo(SAMPLE.get(i).isWhiteout());
            assertThat(manifest.isOpaque(i)).isEqualTo(SAMPLE.get(i).opaque());
        }
        assertThat(manifest.find(new RawPath("a/"))).isEqualTo(-1);
        assertThat(manifest.find(new RawPath("zz"))).isEqualTo(-1);
        assertThat(manifest.members(1)).containsExactly(2, 8);
        assertThat(manifest.members(2)).containsExactly(5);
    }

    @Test
    void findsTheEndOfEverySubtree() throws IOException {
        SeededRandom.forAll(20, random -> {
            TreeSet<String> paths = new TreeSet<>(Comparator.comparing(RawPath::new));
            paths.add("");
            for (int i = random.between(0, 300); i > 0; i--) {
                StringBuilder path = new StringBuilder();
                for (int depth = random.between(1, 4); depth > 0; depth--) {
                    path.append(path.isEmpty() ? "" : "/").append(random.pick(List.of("a", "b", "a-", "a.", "ab")));
                    paths.add(path.toString());
                }
            }
            List<TreeEntry> entries = new ArrayList<>();
            paths.forEach(path -> entries.add(entry(path, Stat.DIRECTORY, 0)));
            Manifest manifest = Manifest.open(write(entries));
            for (int i = 0; i < entries.size(); i++) {
                String path = entries.get(i).path().raw();
                long below = paths.stream()
                        .filter(other -> path.isEmpty() ? !other.isEmpty() : other.startsWith(path + "/"))
                        .count();
                assertThat(manifest.subtreeEnd(i)).isEqualTo(i + 1 + (int) below);
            }
        });
    }

    @Test
    void ordersByComponents() {
        List<String> paths = new ArrayList<>(List.of("a\u00ff", "a/x", "a", "a-b", "", "a!"));
        paths.sort(Comparator.comparing(RawPath::new));
        assertThat(paths).containsExactly("", "a", "a/x", "a!", "a-b", "a\u00ff");
    }

    @Test
    void refusesEntriesOutOfOrder() throws IOException {
        try (ManifestWriter writer = new ManifestWriter(directory.resolve("m"))) {
            writer.add(entry("b", Stat.REGULAR, 0));
            assertThatThrownBy(() -> writer.add(entry("b", Stat.REGULAR, 0))).hasMessageContaining("out of order");
        }
    }

    @Test
    void everyFlippedBitIsNoticedOrHarmless() throws IOException {
        byte[] good = Files.readAllBytes(write(SAMPLE));
        for (int at = 0; at < good.length; at++) {
            byte[] bad = good.clone();
            bad[at] ^= 0x10;
            Path file = directory.resolve("bad-" + at);
            Files.write(file, bad);
            assertThat(reading(file)).as("byte %s of %s", at, good.length).isIn("CORRUPT", "same");
        }
    }

    /** Looks at everything in a damaged manifest; says how that ended. */
    private static String reading(Path file) throws IOException {
        try {
            Manifest manifest = Manifest.open(file);
            boolean same = manifest.count() == SAMPLE.size();
            for (int i = 0; i < manifest.count(); i++) {
                same &= manifest.entry(i).equals(SAMPLE.get(i));
            }
            same &= Arrays.equals(manifest.members(1), new int[] {2, 8});
            return same ? "same" : "other";
        } catch (StoreException e) {
            return e.kind().name();
        }
    }

    @Test
    void aCutFileIsCorrupt() throws IOException {
        byte[] good = Files.readAllBytes(write(SAMPLE));
        for (int length : new int[] {0, 10, 100, good.length - 1}) {
            Path file = directory.resolve("cut");
            Files.write(file, Arrays.copyOf(good, length));
            assertThatThrownBy(() -> Manifest.open(file)).hasMessageContaining("unusable");
        }
    }

    @Test
    void endsWithTheDigestOfAllBefore() throws IOException {
        byte[] all = Files.readAllBytes(write(SAMPLE));
        byte[] body = Arrays.copyOf(all, all.length - 32);
        assertThat(Digest.ofContent(body).bytes()).isEqualTo(Arrays.copyOfRange(all, body.length, all.length));
        assertThat(ByteBuffer.wrap(all).getLong()).isEqualTo(ManifestFormat.MAGIC);
    }
}
