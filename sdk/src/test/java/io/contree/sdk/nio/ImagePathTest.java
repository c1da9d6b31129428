package io.contree.sdk.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.testkit.SeededRandom;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Paths behave as those of the JDK on Linux, which are asked the same. */
class ImagePathTest {
    private static final List<String> PIECES =
            List.of("a", "b", "..", ".", "/", "//", "a", "ü", "a.b", "/", "", "x y", "%41");

    private final FileSystem files = ImageFileSystemProvider.open(new LocalTree(Path.of("/nonexistent")));

    @AfterEach
    void close() throws IOException {
        files.close();
    }

    @Test
    void everyOperationGivesWhatTheJdkGives() {
        SeededRandom.forAll(3000, random -> {
            String one = text(random);
            String two = text(random);
            Path image = files.getPath(one);
            Path local = Path.of(one);
            Path otherImage = files.getPath(two);
            Path otherLocal = Path.of(two);
            assertThat(described(image, otherImage, two))
                    .as("'%s' and '%s'", one, two)
                    .isEqualTo(described(local, otherLocal, two));
            assertThat(Integer.signum(image.compareTo(otherImage)))
                    .as("'%s' and '%s'", one, two)
                    .isEqualTo(Integer.signum(local.compareTo(otherLocal)));
        });
    }

    private static String text(SeededRandom random) {
        StringBuilder text = new StringBuilder();
        int pieces = random.between(0, 5);
        for (int i = 0; i < pieces; i++) {
            text.append(PIECES.get(random.between(0, PIECES.size() - 1)));
            text.append(random.between(0, 1) == 0 ? "/" : "");
        }
        return text.toString();
    }

    private static List<String> described(Path path, Path other, String otherText) {
        List<String> said = new ArrayList<>();
        List<Function<Path, Object>> questions = List.of(
                Path::toString,
                Path::isAbsolute,
                Path::getRoot,
                Path::getFileName,
                Path::getParent,
                Path::getNameCount,
                Path::normalize,
                asked -> asked.getName(asked.getNameCount() - 1),
                asked -> asked.subpath(1, asked.getNameCount()),
                asked -> asked.startsWith(other),
                asked -> asked.endsWith(other),
                asked -> asked.resolve(other),
                asked -> asked.resolve(otherText),
                asked -> asked.resolveSibling(other),
                asked -> asked.relativize(other),
                asked -> asked.equals(other),
                asked -> asked.startsWith(otherText),
                ImagePathTest::names);
        for (int i = 0; i < questions.size(); i++) {
            said.add(i + ": " + answer(questions.get(i), path));
        }
        return said;
    }

    private static String answer(Function<Path, Object> question, Path path) {
        try {
            return String.valueOf(question.apply(path));
        } catch (IllegalArgumentException e) {
            return "IllegalArgumentException";
        }
    }

    private static String names(Path path) {
        List<String> names = new ArrayList<>();
        path.forEach(name -> names.add(name.toString()));
        return names.toString();
    }

    @Test
    void piecesAreJoined() {
        assertThat(files.getPath("/a", "", "b/", "c")).hasToString("/a/b/c");
        assertThat(files.getPath("", "a")).hasToString("a");
    }

    @Test
    void pathsOfOtherFileSystemsAreAnotherMatter() {
        Path path = files.getPath("/a");
        assertThatThrownBy(() -> path.resolve(Path.of("b"))).isInstanceOf(ProviderMismatchException.class);
        assertThat(path.startsWith(Path.of("/a"))).isFalse();
        assertThat(path.endsWith(Path.of("a"))).isFalse();
        assertThat(path).isNotEqualTo(Path.of("/a"));
        assertThatThrownBy(path::toFile).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void pathsOfOneImageAreTheSameInEveryFileSystemOfIt() throws IOException {
        try (FileSystem other = ImageFileSystemProvider.open(new LocalTree(Path.of("/nonexistent")))) {
            Path again = other.getPath("/a/b");
            assertThat(files.getPath("/a/b")).isEqualTo(again).hasSameHashCodeAs(again);
            assertThat(files.getPath("/a").relativize(again)).hasToString("b");
        }
    }

    @Test
    void namesThatNoFileCanHaveAreRefused() {
        assertThatThrownBy(() -> files.getPath("a\0b")).isInstanceOf(InvalidPathException.class);
        assertThatThrownBy(() -> files.getPath("a\ud800b")).isInstanceOf(InvalidPathException.class);
        assertThatThrownBy(() -> files.getPath("a\udc10b")).isInstanceOf(InvalidPathException.class);
    }
}
