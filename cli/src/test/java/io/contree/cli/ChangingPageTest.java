package io.contree.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** "To change X, start at Y" (docs/design/changing.md) sends nobody to a class that is not there any more. */
class ChangingPageTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern CLASS = Pattern.compile("`([A-Z][A-Za-z0-9]+)[.`]");

    @Test
    void everyClassThatThePageNamesIsThere() throws IOException {
        Set<String> named = CLASS.matcher(Files.readString(ROOT.resolve("docs/design/changing.md")))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(named).contains("OciRuntime", "Outcome", "Layout");
        named.removeAll(classes());
        assertThat(named).isEmpty();
    }

    private static Set<String> classes() throws IOException {
        try (Stream<Path> modules = Files.list(ROOT)) {
            Set<String> names = new TreeSet<>();
            for (Path sources : modules.map(module -> module.resolve("src"))
                    .filter(Files::isDirectory)
                    .toList()) {
                try (Stream<Path> files = Files.walk(sources)) {
                    files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith(".java"))
                            .forEach(name -> names.add(name.substring(0, name.length() - ".java".length())));
                }
            }
            return names;
        }
    }
}
