package io.contree.cli;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/design/names.md has the names that more than one type of main code has, and no others. */
class NamesTest {
    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(\\w+)` \\| `([\\w.]+)` \\| \\S.* \\|$");

    @Test
    void theIndexHasEveryNameThatOccursTwice() throws IOException {
        String page = Files.readString(PROJECT.resolve("docs/design/names.md"));
        Map<String, TreeSet<String>> listed = ROW.matcher(page)
                .results()
                .collect(groupingBy(
                        row -> row.group(1),
                        TreeMap::new,
                        mapping((MatchResult row) -> row.group(2), toCollection(TreeSet::new))));

        Map<String, Set<String>> packages = packagesByName();
        packages.values().removeIf(found -> found.size() == 1);
        assertThat(listed).isEqualTo(packages);
    }

    private static Map<String, Set<String>> packagesByName() throws IOException {
        Map<String, Set<String>> packages = new TreeMap<>();
        for (Path sources : sources()) {
            try (Stream<Path> files = Files.walk(sources)) {
                files.filter(file -> file.toString().endsWith(".java") && !file.endsWith("package-info.java"))
                        .forEach(file -> packages.computeIfAbsent(
                                        file.getFileName().toString().replace(".java", ""), name -> new TreeSet<>())
                                .add(sources.relativize(file.getParent())
                                        .toString()
                                        .replace('/', '.')));
            }
        }
        return packages;
    }

    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        try (Stream<Path> modules = Files.list(PROJECT)) {
            modules.map(module -> module.resolve("src/main/java/io/contree"))
                    .filter(Files::isDirectory)
                    .forEach(sources::add);
        }
        return sources;
    }
}
