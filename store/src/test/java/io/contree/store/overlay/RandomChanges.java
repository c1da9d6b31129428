package io.contree.store.overlay;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.Stat;
import io.contree.testkit.SeededRandom;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Changes a tree at random, from so few names, contents and times that equal trees come up again and again. */
public final class RandomChanges {
    private static final List<String> NAMES = List.of("a", "b", "a-b", "data", "\u00e9\u00ff", "link", "tmp");
    private static final List<String> CONTENTS = List.of("", "aaa", "bbb", "x".repeat(5000));
    private static final List<Long> TIMES = List.of(0L, 1_000_000_000L, 1_700_000_000_123_456_789L);
    private static final List<Integer> MODES = List.of(0644, 0600, 04755, 0);

    private final SeededRandom random;
    private final Path root;
    /** Changes that the kernel refused, such as one below a file. */
    private int refused;

    public RandomChanges(SeededRandom random, Path root) {
        this.random = random;
        this.root = root;
    }

    /** Returns how many changes took place. */
    public int make(int number) throws Exception {
        try (Fd top = FileCalls.open(root, FileCalls.DIRECTORY)) {
            for (int i = 0; i < number; i++) {
                tryTo(top);
            }
        }
        return number - refused;
    }

    private void tryTo(Fd top) {
        try {
            change(top, path(top), path(top));
        } catch (LinuxException e) {
            refused++;
        }
    }

    /** A path that is there in two of three cases; never a mount point, which cannot be removed. */
    private String path(Fd top) throws LinuxException {
        List<String> known = names(top, ".").stream().filter(NAMES::contains).toList();
        String path = known.isEmpty() || random.chance(30) ? random.pick(NAMES) : random.pick(known);
        while (random.chance(50)) {
            List<String> below = names(top, path);
            path += "/" + (below.isEmpty() || random.chance(30) ? random.pick(NAMES) : random.pick(below));
        }
        return path;
    }

    private static List<String> names(Fd top, String path) throws LinuxException {
        if (FileCalls.statIfPresent(top, path).filter(Stat::isDirectory).isEmpty()) {
            return List.of();
        }
        try (Fd directory = FileCalls.open(
                top, path, FileCalls.DIRECTORY, 0, FileCalls.RESOLVE_BENEATH | FileCalls.RESOLVE_NO_SYMLINKS)) {
            return FileCalls.list(directory).stream()
                    .map(FileCalls.Entry::name)
                    .sorted()
                    .toList();
        }
    }

    private void change(Fd top, String path, String other) throws LinuxException {
        switch (random.between(0, 12)) {
            case 0, 1, 2 -> write(top, path);
            case 3 -> FileCalls.removeTree(top, path);
            case 4 -> FileCalls.makeDirectory(top, path, 0755);
            case 5 -> FileCalls.rename(top, path, top, other, true);
            case 6 -> FileCalls.link(top, path, top, other);
            case 7 -> FileCalls.chown(top, path, random.between(0, 1), random.between(0, 1));
            case 8 -> FileCalls.chmod(top, path, random.pick(MODES));
            case 9 -> FileCalls.setTimes(top, path, random.pick(TIMES));
            case 10 -> FileCalls.makeSymlink(other, top, path);
            case 11 -> attribute(top, path);
            default -> replace(top, path);
        }
    }

    private void write(Fd top, String path) throws LinuxException {
        byte[] content = random.pick(CONTENTS).getBytes(StandardCharsets.US_ASCII);
        int flags = FileCalls.WRITE | FileCalls.CREATE | FileCalls.TRUNCATE | FileCalls.NO_FOLLOW;
        try (Fd file = FileCalls.open(top, path, flags, 0644, FileCalls.RESOLVE_BENEATH)) {
            FileCalls.write(file, content, 0, content.length, 0);
        }
        FileCalls.setTimes(top, path, random.pick(TIMES));
    }

    private void attribute(Fd top, String path) throws LinuxException {
        if (random.chance(50)) {
            FileCalls.setXattr(top, path, "user.x", new byte[] {(byte) random.between(0, 1), -1});
        } else {
            FileCalls.removeXattr(top, path, "user.x");
        }
    }

    /** Removes what is there and makes something else, or the same again. */
    private void replace(Fd top, String path) throws LinuxException {
        FileCalls.removeTree(top, path);
        switch (random.between(0, 3)) {
            case 0 -> FileCalls.makeDirectory(top, path, 0755);
            case 1 -> FileCalls.makeNode(top, path, Stat.FIFO | 0644, 0, 0);
            case 2 -> FileCalls.makeNode(top, path, Stat.CHARACTER_DEVICE | 0644, 1, 3);
            default -> write(top, path);
        }
    }
}
