package io.contree.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The paths of a data directory come from {@code Layout} alone: what is where can then change in one place. */
class DataPathsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path LAYOUT = ROOT.resolve("store/src/main/java/io/contree/store/disk/Layout.java");
    /** A backup directory has a layout of its own, with names like these. */
    private static final Set<Path> OF_BACKUPS = Set.of(
            ROOT.resolve("store/src/main/java/io/contree/store/backup/BackupDirectory.java"),
            ROOT.resolve("store/src/main/java/io/contree/store/backup/Snapshot.java"));

    private static final Pattern NAME = Pattern.compile("data\\.resolve\\(\"([^\"]+)\"");

    @Test
    void nobodyButLayoutJoinsPathsOfADataDirectory() throws IOException {
        List<String> names = NAME.matcher(Files.readString(LAYOUT))
                .results()
                .map(name -> name.group(1))
                .toList();
        assertThat(names).contains("layers", "catalog.db", "operations", "sandboxes");
        List<String> found = new ArrayList<>();
        // The module sandbox never sees the directory, and has names like these inside containers.
        for (String module : List.of("store", "engine", "catalog", "server", "embedded", "cli")) {
            addJoined(names, ROOT.resolve(module).resolve("src/main/java"), found);
        }
        assertThat(found).isEmpty();
    }

    private static void addJoined(List<String> names, Path sources, List<String> found) throws IOException {
        Pattern joined = Pattern.compile("(\\w+)(\\(\\))?\\.(resolve|resolveSibling|endsWith)\\(\"("
                + String.join("|", names.stream().map(Pattern::quote).toList()) + ")[\"/]");
        try (Stream<Path> files = Files.walk(sources)) {
            for (Path file : files.filter(path ->
                            path.toString().endsWith(".java") && !path.equals(LAYOUT) && !OF_BACKUPS.contains(path))
                    .toList()) {
                joined.matcher(Files.readString(file))
                        .results()
                        .filter(join -> !join.group(1).equals("root")) // of an image
                        .map(MatchResult::group)
                        .forEach(join -> found.add(ROOT.relativize(file) + ": " + join));
            }
        }
    }
}
