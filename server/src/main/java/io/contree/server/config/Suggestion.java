package io.contree.server.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Guesses the name that was meant by another. */
final class Suggestion {
    private Suggestion() {}

    /** The name that takes the fewest single-character edits, if few are enough. */
    static Optional<String> nearest(String given, Collection<String> names) {
        int far = Math.max(2, given.length() / 3);
        return names.stream()
                .filter(name -> distance(given, name) <= far)
                .min(Comparator.comparingInt(name -> distance(given, name)));
    }

    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
