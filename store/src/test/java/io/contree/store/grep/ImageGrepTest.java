package io.contree.store.grep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.linux.RawPath;
import io.contree.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageGrepTest {
    @TempDir
    Path root;

    @BeforeEach
    void tree() throws IOException {
        Files.createDirectories(root.resolve("etc/.hidden/deep"));
        Files.writeString(root.resolve("etc/b"), "hit\n");
        Files.writeString(root.resolve("etc/.hidden/deep/a"), "hit\n");
        Files.createDirectory(root.resolve("usr"));
        Files.writeString(root.resolve("usr/x"), "Hit\n");
        Files.createSymbolicLink(root.resolve("bin"), Path.of("usr"));
        Files.createSymbolicLink(root.resolve("link"), Path.of("etc/b"));
    }

    private GrepResult search(GrepQuery.Case letterCase, Duration time, String pattern, String... paths)
            throws IOException {
        List<RawPath> places = Stream.of(paths).map(RawPath::new).toList();
        GrepQuery query = new GrepQuery(List.of(pattern), places, List.of(), 10, 100, letterCase, 0, 0);
        return ImageGrep.search(new DirectoryView(root), query, time);
    }

    private List<String> found(GrepQuery.Case letterCase, String pattern, String... paths) throws IOException {
        return search(letterCase, Duration.ofMinutes(1), pattern, paths).lines().stream()
                .map(line -> line.path().raw())
                .toList();
    }

    @Test
    void walksHiddenDirectoriesAndNoLinks() throws Exception {
        assertThat(found(GrepQuery.Case.SENSITIVE, "hit", "/")).containsExactly("/etc/.hidden/deep/a", "/etc/b");
        assertThat(found(GrepQuery.Case.INSENSITIVE, "hIt", "/"))
                .containsExactly("/etc/.hidden/deep/a", "/etc/b", "/usr/x");
        assertThat(found(GrepQuery.Case.SMART, "hit", "/")).hasSize(3);
        assertThat(found(GrepQuery.Case.SMART, "Hit", "/")).containsExactly("/usr/x");
    }

    @Test
    void searchesPathsInTheirOrderAndThroughALinkThatIsNamed() throws Exception {
        assertThat(found(GrepQuery.Case.SMART, "hit", "/bin", "/link", "//etc//.hidden/"))
                .containsExactly("/bin/x", "/link", "/etc/.hidden/deep/a");
        assertThatThrownBy(() -> found(GrepQuery.Case.SMART, "hit", "/etc", "/nowhere"))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("/nowhere");
    }

    @Test
    void endsWhenItsTimeIsUp() throws Exception {
        GrepResult late = search(GrepQuery.Case.SENSITIVE, Duration.ZERO, "hit", "/");

        assertThat(late.truncated()).isTrue();
        assertThat(late.lines()).isEmpty();
    }

    @Test
    void theSlowestPatternOnTheWorstTextEndsInTime() throws Exception {
        Files.writeString(root.resolve("etc/b"), "a".repeat(3 << 20));
        long start = System.nanoTime();

        GrepResult result = search(
                GrepQuery.Case.SENSITIVE, Duration.ofMillis(300), "(?:a?){900}(?:\\w?){900}(?:[a-z]*){900}[xz]$", "/");

        assertThat(result.truncated()).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void parametersOutOfRangeAreRefused() {
        assertThatThrownBy(() -> query(Collections.nCopies(17, "a"), 1, 0)).hasMessageContaining("at most 16");
        assertThatThrownBy(() -> query(List.of("a".repeat(1025)), 1, 0)).hasMessageContaining("1024");
        assertThatThrownBy(() -> query(List.of(), 1, 0)).hasMessageContaining("missing");
        assertThatThrownBy(() -> query(List.of("a"), 0, 0)).hasMessageContaining("max_total");
        assertThatThrownBy(() -> query(List.of("a"), 10_001, 0)).hasMessageContaining("max_total");
        assertThatThrownBy(() -> query(List.of("a"), 1, 51)).hasMessageContaining("before");
    }

    private static GrepQuery query(List<String> patterns, int maxTotal, int before) {
        List<RawPath> root = List.of(new RawPath("/"));
        return new GrepQuery(patterns, root, List.of(), 1, maxTotal, GrepQuery.Case.SENSITIVE, before, 0);
    }
}
