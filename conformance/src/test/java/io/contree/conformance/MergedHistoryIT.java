package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.linux.FileCalls;
import io.contree.sdk.DirectoryEntry;
import io.contree.sdk.Image;
import io.contree.sdk.RunResult;
import io.contree.testkit.LeakChecked;
import io.contree.testkit.SeededRandom;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * A long random history of real runs in stacks of at most eight layers, against a plain map of what should be in {@code /w}:
 * what each run sees, what clients read, and the UUID, which a single run that makes the same from nothing has too.
 */
@LeakChecked
class MergedHistoryIT extends ServerSuite {
    private static final int RUNS = 200;
    private static final List<String> NAMES = List.of("a", "b", "a-b", "c d");

    /** What is in {@code /w}: "directory", or a file's text, or a link's target after an arrow. */
    private record State(Image image, SortedMap<String, String> entries) {}

    @Override
    String[] options() {
        return new String[] {"--stack-layers", "8"};
    }

    @Test
    void twoHundredRunsAreTheModels() {
        SeededRandom.forAll(1, random -> {
            List<State> known = new ArrayList<>();
            SortedMap<String, String> nothing = new TreeMap<>();
            nothing.put("/w", "directory");
            known.add(new State(after(busybox, "mkdir /w"), nothing));
            for (int run = 0; run < RUNS; run++) {
                State parent = random.chance(85) ? known.getLast() : random.pick(known);
                State child = run(random, parent);
                known.add(child);
                verify(child);
                if (run % 8 == 0) {
                    verify(random.pick(known));
                    assertThat(after(busybox, fromNothing(child.entries())).uuid())
                            .isEqualTo(child.image().uuid());
                    archive(child);
                }
            }
            for (State state : List.of(known.getLast(), known.get(RUNS / 2))) {
                assertThat(after(state.image(), "rm -r /w").uuid()).isEqualTo(busybox.uuid());
            }
        });
    }

    private static State run(SeededRandom random, State parent) {
        SortedMap<String, String> entries = new TreeMap<>(parent.entries());
        StringBuilder script = new StringBuilder("set -e; find /w; cd /");
        for (int i = random.between(1, 3); i > 0; i--) {
            script.append('\n').append(change(random, entries));
        }
        RunResult result = parent.image().shell(script.toString()).execute();
        assertThat(result.exitCode()).as(script + "\n" + result.stderr()).isZero();
        assertThat(result.stdout().lines().sorted().toList())
                .as("what a run sees of " + parent.image().uuid())
                .isEqualTo(parent.entries().keySet().stream().sorted().toList());
        return new State(result.image(), entries);
    }

    /** A change of the entries and the commands that make it. */
    private static String change(SeededRandom random, SortedMap<String, String> entries) {
        List<String> directories = entries.keySet().stream()
                .filter(path -> entries.get(path).equals("directory"))
                .toList();
        String directory = random.pick(directories);
        String path = directory + "/" + random.pick(NAMES);
        List<String> all = List.copyOf(entries.keySet());
        String old = all.size() == 1 || random.chance(40) ? path : all.get(random.between(1, all.size() - 1));
        if (entries.containsKey(old) && random.chance(60)) {
            remove(entries, old);
            return "rm -r '" + old + "'";
        }
        StringBuilder script = new StringBuilder();
        if (entries.containsKey(path)) {
            remove(entries, path);
            script.append("rm -r '").append(path).append("'; ");
        }
        if (random.chance(30) || path.length() > 14) {
            entries.put(path, random.chance(70) ? random.pick(List.of("one", "two")) : "-> a");
            return script.append(make(path, entries.get(path))).toString();
        }
        entries.put(path, "directory");
        script.append(make(path, "directory"));
        for (String name : NAMES.subList(0, random.between(0, 3))) {
            entries.put(path + "/" + name, name);
            script.append("; ").append(make(path + "/" + name, name));
        }
        return script.toString();
    }

    private static void remove(SortedMap<String, String> entries, String path) {
        entries.keySet().removeIf(other -> other.equals(path) || other.startsWith(path + "/"));
    }

    private static String make(String path, String entry) {
        if (entry.equals("directory")) {
            return "mkdir '" + path + "'";
        }
        return entry.startsWith("-> ")
                ? "ln -s '" + entry.substring(3) + "' '" + path + "'"
                : "echo '" + entry + "' > '" + path + "'; touch -d @1000000000 '" + path + "'";
    }

    private static String fromNothing(SortedMap<String, String> entries) {
        StringBuilder script = new StringBuilder("set -e");
        entries.forEach((path, entry) -> script.append('\n').append(make(path, entry)));
        return script.toString();
    }

    private static void verify(State state) {
        state.entries().forEach((path, entry) -> {
            if (entry.equals("directory")) {
                assertThat(state.image().ls(path).stream()
                                .map(DirectoryEntry::path)
                                .toList())
                        .as("the list of " + path)
                        .containsExactlyInAnyOrderElementsOf(children(state, path));
            }
        });
    }

    private static List<String> children(State state, String directory) {
        return state.entries().keySet().stream()
                .filter(path -> path.startsWith(directory + "/"))
                .map(path -> path.substring(directory.length() + 1))
                .filter(name -> !name.contains("/"))
                .toList();
    }

    private void archive(State state) throws Exception {
        Path tree = Files.createDirectory(home.resolve("archive"));
        Path said = home.resolve("archive.log");
        Process tar = new ProcessBuilder("tar", "-x", "-C", tree.toString())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try (OutputStream input = tar.getOutputStream();
                InputStream archive = state.image().archive("/w")) {
            archive.transferTo(input);
        }
        assertThat(tar.waitFor()).as(Files.readString(said)).isZero();
        TreeSet<String> found = new TreeSet<>();
        try (var paths = Files.walk(tree)) {
            paths.forEach(path -> found.add(path.equals(tree) ? "/w" : "/w/" + tree.relativize(path)));
        }
        assertThat(found).isEqualTo(state.entries().keySet());
        FileCalls.removeTree(tree);
    }
}
