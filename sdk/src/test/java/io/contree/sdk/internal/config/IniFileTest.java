package io.contree.sdk.internal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.contree.sdk.internal.InternalException;
import io.contree.sdk.internal.InternalException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The expectations are what Python's {@code configparser.ConfigParser} makes of the same text. */
class IniFileTest {
    @TempDir
    Path directory;

    @Test
    void readsKeysInAnyCaseWithEitherDelimiter() throws IOException {
        IniFile ini = read("[s]\nToken = a=b:c\nURL: http://h:1\nempty =\n");

        assertThat(ini.get("s", "token")).contains("a=b:c");
        assertThat(ini.get("s", "url")).contains("http://h:1");
        assertThat(ini.get("s", "empty")).contains("");
        assertThat(ini.get("s", "other")).isEmpty();
    }

    @Test
    void skipsCommentLinesAndKeepsThemInsideValues() throws IOException {
        IniFile ini = read("# one\n; two\n[s]\n  # three\nkey = a ; b # c\n");

        assertThat(ini.get("s", "key")).contains("a ; b # c");
    }

    @Test
    void goesOnWithIndentedLines() throws IOException {
        assertThat(read("[s]\nkey = a\n  b\nother = c\n").get("s", "key")).contains("a\nb");
    }

    @Test
    void everySectionInheritsDefault() throws IOException {
        IniFile ini = read("[DEFAULT]\nurl = http://d\n[s]\ntoken = t\n[u]\nurl = http://u\n");

        assertThat(ini.get("s", "url")).contains("http://d");
        assertThat(ini.get("u", "url")).contains("http://u");
        assertThat(ini.sections()).containsExactly("s", "u");
    }

    @Test
    void fillsInReferences() throws IOException {
        IniFile ini = read("[DEFAULT]\nhost = h\n[s]\nurl = http://%(host)s/100%%\n");

        assertThat(ini.get("s", "url")).contains("http://h/100%");
    }

    @Test
    void refusesWhatPythonRefuses() throws IOException {
        assertThatThrownBy(() -> read("key = before any section\n"))
                .satisfies(IniFileTest::isConfiguration)
                .hasMessageContaining("line 1");
        assertThatThrownBy(() -> read("[s]\nno delimiter\n")).hasMessageContaining("line 2");
        assertThatThrownBy(() -> read("[s]\nkey = 100%\n").get("s", "key")).hasMessageContaining("%%");
        assertThatThrownBy(() -> read("[s]\nkey = %(gone)s\n").get("s", "key")).hasMessageContaining("gone");
        assertThatThrownBy(() -> read("[s]\na = %(b)s\nb = %(a)s\n").get("s", "a"))
                .satisfies(IniFileTest::isConfiguration);
    }

    private static void isConfiguration(Throwable failure) {
        assertThat(failure)
                .asInstanceOf(type(InternalException.class))
                .returns(Kind.CONFIGURATION, InternalException::kind);
    }

    private IniFile read(String text) throws IOException {
        return IniFile.read(Files.writeString(directory.resolve("x.ini"), text));
    }
}
