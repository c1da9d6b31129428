package io.contree.testkit.walk;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one step of a {@link Walker} printed.
 *
 * @param operations what each of them gave
 */
record WalkedStep(Listing before, List<String> operations, Listing after) {

    /**
     * A tree by its paths, which are escaped.
     *
     * @param common what is the same on two machines that did the same
     * @param own modification time, change time and inode number, which one machine keeps from one step to the next
     */
    record Listing(SortedMap<String, String> common, SortedMap<String, String> own) {
        private Listing() {
            this(new TreeMap<>(), new TreeMap<>());
        }

        private void add(String line) {
            int tab = line.indexOf('\t');
            (line.startsWith("=") ? common : own).put(line.substring(2, tab), line.substring(tab + 1));
        }

        boolean isDirectory(String path) {
            return common.getOrDefault(path, "").startsWith("4");
        }

        private String inode(String path) {
            return own.getOrDefault(path, "").replaceAll(".* ", "");
        }

        /** All that have an inode number, with what they keep. */
        private SortedMap<String, String> names(String inode) {
            SortedMap<String, String> names = new TreeMap<>(own);
            names.keySet().removeIf(path -> !inode(path).equals(inode));
            return names;
        }

        private String hash(String path) {
            return common.getOrDefault(path, "").replaceAll(".* (size=\\S* hash=\\S*).*", "$1");
        }

        private boolean hasOneName(String path) {
            String entry = common.getOrDefault(path, "");
            return entry.contains(" links=1 ") && entry.contains(" hash=");
        }

        String changeTime(String path) {
            return own.getOrDefault(path, "").replaceAll("^\\S* | \\S*$", "");
        }

        String mtime(String path) {
            return own.getOrDefault(path, "").split(" ")[0];
        }
    }

    /** Whether what is at a path was there before the step, maybe elsewhere, and it or its names are not as they were. */
    boolean changedInPlace(String path) {
        String inode = after.inode(path);
        SortedMap<String, String> names = before.names(inode);
        return !names.isEmpty() && !names.equals(after.names(inode));
    }

    /** Whether a regular file of an earlier step, which had one name all the time, has other bytes after this one. */
    boolean rewrote(String path) {
        return after.inode(path).equals(before.inode(path))
                && before.hasOneName(path)
                && after.hasOneName(path)
                && !after.hash(path).equals(before.hash(path));
    }

    static WalkedStep parse(String printed) {
        Listing before = new Listing();
        Listing after = new Listing();
        List<String> operations = new ArrayList<>();
        String part = "";
        for (String line : printed.split("\n")) {
            if (line.equals("before") || line.equals("operations") || line.equals("after") || line.equals("end")) {
                part = line;
            } else if (part.equals("operations")) {
                operations.add(line);
            } else {
                (part.equals("before") ? before : after).add(line);
            }
        }
        if (!part.equals("end")) {
            throw new AssertionError("the walker did not come to its end:\n" + printed);
        }
        return new WalkedStep(before, operations, after);
    }
}
