package io.contree.testkit.walk;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The same walk in a plain tree and in a chain of runs. After each step both must have given the same and show the same, and a run
 * must find what the one before it left, to the nanosecond.
 */
public final class TwoWalks {
    private static final int SHOWN = 12;

    private final Machine plain;
    private final Machine chain;
    private final Predicate<String> unlike;
    private final List<String> moved = new ArrayList<>();
    private boolean comparesFiles = true;
    private Optional<WalkedStep> last = Optional.empty();

    /** Where a walk is made. */
    public interface Machine {
        /** Makes a step, given as the arguments of a {@link Walker}, and returns what that printed. */
        String walk(List<String> step) throws Exception;
    }

    /** @param unlike paths of files whose bytes may differ, since they hold times or numbers of inodes */
    public TwoWalks(Machine plain, Machine chain, Predicate<String> unlike) {
        this.plain = plain;
        this.chain = chain;
        this.unlike = unlike;
    }

    public TwoWalks(Machine plain, Machine chain) {
        this(plain, chain, path -> false);
    }

    /** Compares from now on only what steps print, and what a run finds with what the one before it left. */
    public void compareNoFiles() {
        comparesFiles = false;
    }

    /**
     * Makes a step on both.
     *
     * @throws AssertionError naming the step and the first differences
     */
    public void step(String name, List<String> step) throws Exception {
        WalkedStep expected = WalkedStep.parse(plain.walk(step));
        WalkedStep walked = WalkedStep.parse(chain.walk(step));
        List<String> found = new ArrayList<>();
        last.ifPresent(before -> compareWithLast(before, walked, found));
        compareOperations(expected.operations(), walked.operations(), found);
        if (found.isEmpty() && comparesFiles) {
            compare("after the step", alike(expected.after()), alike(walked.after()), found);
        }
        last = Optional.of(walked);
        if (!found.isEmpty()) {
            throw new AssertionError(name + ": " + found.size()
                    + " differences (the plain tree first, then the chain):\n  "
                    + String.join("\n  ", found.subList(0, Math.min(SHOWN, found.size()))));
        }
    }

    /**
     * Files, one line each, whose inode number or change time was another one at the beginning of a step than at the end of the one
     * before, though that had made them or had left them alone. A file of an earlier step that it changed in place or moved may
     * get others once; but the change time of one that it wrote to stays.
     */
    public List<String> moved() {
        return List.copyOf(moved);
    }

    private SortedMap<String, String> alike(WalkedStep.Listing listing) {
        SortedMap<String, String> alike = new TreeMap<>(listing.common());
        alike.replaceAll((path, entry) -> unlike.test(path) ? entry.replaceAll(" (size|hash|mtime)=\\S*", "") : entry);
        return alike;
    }

    private void compareWithLast(WalkedStep before, WalkedStep now, List<String> found) {
        compare("between the steps", before.after().common(), now.before().common(), found);
        before.after().own().forEach((path, left) -> {
            String met = now.before().own().getOrDefault(path, "nothing");
            boolean gone = !now.before().common().containsKey(path);
            if (left.equals(met) || gone || before.after().isDirectory(path) || isBack(path, before, now)) {
                return;
            }
            if (before.after().common().getOrDefault(path, "").contains(" size=")
                    && !before.after().mtime(path).equals(now.before().mtime(path))) {
                found.add("between the steps " + path + " mtime " + left + " | " + met);
            }
            boolean kept = before.rewrote(path)
                    && before.after().changeTime(path).equals(now.before().changeTime(path));
            if (!kept && (!before.changedInPlace(path) || before.rewrote(path))) {
                moved.add(path + " " + left + " | " + met + " "
                        + before.after().common().get(path));
            }
        });
    }

    /** True if a file that a step left in the state in which it found it is the one that it found. */
    private static boolean isBack(String path, WalkedStep before, WalkedStep now) {
        return before.before()
                .own()
                .getOrDefault(path, "")
                .equals(now.before().own().get(path));
    }

    /** Finds the first difference: those after it follow from it. */
    private static void compareOperations(List<String> expected, List<String> walked, List<String> found) {
        int same = 0;
        while (same < Math.min(expected.size(), walked.size())
                && expected.get(same).equals(walked.get(same))) {
            same++;
        }
        if (same < Math.max(expected.size(), walked.size())) {
            List<String> before = expected.subList(Math.max(0, same - 3), same);
            found.add("operations " + String.join("\n             ", before) + "\n           " + lineAt(expected, same)
                    + "\n         | " + lineAt(walked, same));
        }
    }

    private static String lineAt(List<String> lines, int place) {
        return place < lines.size() ? lines.get(place) : "nothing";
    }

    private static void compare(
            String when, SortedMap<String, String> expected, SortedMap<String, String> walked, List<String> found) {
        TreeSet<String> paths = new TreeSet<>(expected.keySet());
        paths.addAll(walked.keySet());
        for (String path : paths) {
            String one = expected.getOrDefault(path, "nothing");
            String other = walked.getOrDefault(path, "nothing");
            if (!one.equals(other)) {
                found.add(when + " " + path + " " + one + "\n         | " + other);
            }
        }
    }
}
