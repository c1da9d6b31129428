package io.contree.store.grep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.re2j.Pattern;
import io.contree.linux.RawPath;
import io.contree.store.StoreException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RustRegexTest {
    @ParameterizedTest
    @CsvSource(
            delimiterString = " ~ ",
            value = {
                "(?i)straße ~ STRASSE ~ false",
                "(?i)ÄPFEL ~ äpfel ~ true",
                "(?P<year>[0-9]{4})-(?<month>..) ~ 2024-11 ~ true",
                "^\\w+$ ~ größe_9 ~ true",
                "^\\d$ ~ ٣ ~ true",
                "^x\\sx$ ~ x\u2003x ~ true",
                "^[\\w.]+$ ~ é.é ~ true",
                "^[^\\s]+$ ~ a\u2003a ~ false",
                "^[\\W]$ ~ é ~ false",
                "^\\p{Greek}+$ ~ αβγ ~ true",
                "^\\p{greek}+$ ~ αβγ ~ true",
                "^\\p{Script=Greek}+$ ~ αβγ ~ true",
                "^\\p{Letter}\\p{Lu}\\pN$ ~ aB1 ~ true",
                "^\\P{L}$ ~ a ~ false",
                "^\\x41\\u0042\\U00000043\\x{44}$ ~ ABCD ~ true",
                "^a\\.b\\-c\\/d$ ~ a.b-c/d ~ true",
                "^[]a]+$ ~ ]a ~ true",
                "^[^]a]+$ ~ b ~ true",
                "^[[:alpha:]_]+$ ~ ab_ ~ true",
                "(?s-i:a.b) ~ axb ~ true",
                "x{2,3}y ~ xxy ~ true",
                "a|b|(c ~ x ~ error",
                "*a ~ x ~ error",
            })
    void meansWhatItMeansInRust(String pattern, String line, String expected) {
        GrepQuery query = query(pattern);
        if (expected.equals("error")) {
            assertThatThrownBy(() -> LineMatcher.of(query)).hasMessageContaining(pattern);
            return;
        }
        assertThat(Pattern.compile(RustRegex.translate(pattern).pattern())
                        .matcher(line)
                        .find())
                .isEqualTo(Boolean.parseBoolean(expected));
        assertThat(LineMatcher.of(query)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a(?=b)",
                "(?<!a)b",
                "(a)\\1",
                "a\\nb",
                "[a&&b]",
                "[a[bc]]",
                "(?x)a b",
                "(?-u)\\xFF",
                "\\b{start}a",
                "a{",
                "a\\",
                "\\q",
                "[a",
                "\\x{110000}",
                "(?P<1>a)",
                "(((a{100}){100}){100}){10}",
                "\\p{Nonsense}",
                "a{1001}",
                "(?i",
                "a)"
            })
    void whatCannotBeExpressedIsRefusedWithItsReason(String pattern) {
        GrepQuery query = query(pattern);

        assertThatThrownBy(() -> LineMatcher.of(query))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("'" + pattern + "' cannot be used: ")
                .extracting(e -> ((StoreException) e).kind())
                .isEqualTo(StoreException.Kind.INVALID);
    }

    @ParameterizedTest
    @CsvSource({
        "hello, hello",
        "hel+o, hel",
        "abcd?e, abc",
        "ab{2}cde, cde",
        "(foo|bar)bazz, bazz",
        "a\\.bc[x], a.bc",
        "foo|bar, ''",
        "(?i)foo, ''",
        "fo(?i:x)o, ''",
        "[a]*, ''",
        "(abc), ''",
    })
    void knowsWhatEveryMatchContains(String pattern, String literal) {
        assertThat(RustRegex.translate(pattern).literal().orElse("")).isEqualTo(literal);
    }

    @Test
    void smartCaseLooksAtLettersOnly() {
        assertThat(RustRegex.translate("\\W\\pLa").hasCapitals()).isFalse();
        assertThat(RustRegex.translate("[A-Z]").hasCapitals()).isTrue();
        assertThat(RustRegex.translate("^.$").hasLetters()).isFalse();
    }

    private static GrepQuery query(String pattern) {
        List<RawPath> root = List.of(new RawPath("/"));
        return new GrepQuery(List.of(pattern), root, List.of(), 1, 1, GrepQuery.Case.SENSITIVE, 0, 0);
    }
}
