package io.contree.sandbox.oci;

/**
 * What an image keeps of a file in {@code /etc} that every run has a copy of: what runs have made of it, but for the lines that
 * are a run's own, such as its host name and its name servers. A line stands for those, so that a state depends on no machine.
 * Characters are bytes.
 */
final class EtcText {
    /** The first line of a kept text. What an image has here without it was made elsewhere, and runs do not see it. */
    private static final String MARK =
            "# Kept by contree of what a run wrote here. Where it says \"contree: own lines\" each run has its own.\n";

    private static final String OWN_LINES = "# contree: own lines\n";

    private EtcText() {}

    static boolean isKept(String text) {
        return text.startsWith(MARK);
    }

    /** What a run shows of a kept text. */
    static String shown(String kept, String ownLines) {
        return replaced(kept.substring(MARK.length()), OWN_LINES, ownLines);
    }

    /** What an image keeps of a text that a run left. */
    static String kept(String left, String ownLines) {
        return MARK + replaced(left, ownLines, OWN_LINES);
    }

    /** With whole lines replaced, where they first stand in this order. */
    private static String replaced(String text, String lines, String others) {
        int at = text.startsWith(lines) ? 0 : text.indexOf("\n" + lines) + 1;
        boolean found = at > 0 || text.startsWith(lines);
        return found ? text.substring(0, at) + others + text.substring(at + lines.length()) : text;
    }
}
