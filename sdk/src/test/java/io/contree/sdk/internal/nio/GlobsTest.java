package io.contree.sdk.internal.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.testkit.SeededRandom;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.PatternSyntaxException;
import org.junit.jupiter.api.Test;

/** Patterns mean what they mean to the JDK, which is asked the same. */
class GlobsTest {
    private static final List<String> PIECES = List.of(
            "*",
            "**",
            "?",
            "[a-c]",
            "[!a]",
            "]",
            "{a,b}",
            "{",
            "}",
            ",",
            "a",
            "b",
            "c",
            ".",
            "/",
            "-",
            "!",
            "^",
            "\\*",
            "\\",
            "[-a]",
            "[a-]",
            "[.*]",
            "[&&]",
            "(",
            ")",
            "+",
            "$",
            "|",
            "[]",
            "[a^]",
            "[!-a]",
            "[a-c0-9]",
            "#",
            " ",
            "é");
    private static final List<String> LETTERS = List.of(
            "a", "b", "c", ".", "/", "-", "!", "^", "*", "&", "[", "]", "(", "+", "$", "|", "{", ",", "é", "#", " ");

    @Test
    void matchWhatTheJdkMatches() {
        SeededRandom.forAll(20000, random -> {
            String glob = joined(random, PIECES);
            Path path = Path.of(joined(random, LETTERS));
            Optional<Boolean> expected = matches(glob, path, false);
            assertThat(matches(glob, path, true))
                    .as("glob %s on %s", glob, path)
                    .isEqualTo(expected);
        });
    }

    private static Optional<Boolean> matches(String glob, Path path, boolean ours) {
        String pattern = "glob:" + glob;
        try {
            return Optional.of(
                    (ours ? Globs.matcher(pattern) : FileSystems.getDefault().getPathMatcher(pattern)).matches(path));
        } catch (PatternSyntaxException e) {
            return Optional.empty();
        }
    }

    private static String joined(SeededRandom random, List<String> pieces) {
        StringBuilder text = new StringBuilder();
        int count = 1 + random.between(0, 3);
        for (int i = 0; i < count; i++) {
            text.append(pieces.get(random.between(0, pieces.size() - 1)));
        }
        return text.toString();
    }

    @Test
    void regularExpressionsAreThoseOfJava() {
        assertThat(Globs.matcher("regex:/a+/b").matches(Path.of("/aa/b"))).isTrue();
        assertThat(Globs.matcher("REGEX:a").matches(Path.of("aa"))).isFalse();
        assertThat(Globs.matcher("Glob:*.{java,class}").matches(Path.of("A.java")))
                .isTrue();
    }

    @Test
    void whatIsNoPatternIsRefused() {
        assertThatThrownBy(() -> Globs.matcher("*.java")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Globs.matcher(":a")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Globs.matcher("grep:a")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> Globs.matcher("glob:{a")).isInstanceOf(PatternSyntaxException.class);
        assertThatThrownBy(() -> Globs.matcher("glob:[a")).isInstanceOf(PatternSyntaxException.class);
        assertThatThrownBy(() -> Globs.matcher("glob:[c-a]")).isInstanceOf(PatternSyntaxException.class);
        assertThatThrownBy(() -> Globs.matcher("glob:[a/]")).isInstanceOf(PatternSyntaxException.class);
        assertThatThrownBy(() -> Globs.matcher("regex:(")).isInstanceOf(PatternSyntaxException.class);
    }
}
