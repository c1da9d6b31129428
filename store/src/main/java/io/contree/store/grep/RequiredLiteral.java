package io.contree.store.grep;

import java.util.Optional;

/** Collects the longest run of plain characters that every match of a pattern must contain. */
final class RequiredLiteral {
    private final StringBuilder run = new StringBuilder();
    private String best = "";
    private boolean impossible;

    void literal(int codePoint) {
        run.appendCodePoint(codePoint);
    }

    /** The last character may be absent. */
    void optional() {
        if (!run.isEmpty()) {
            run.setLength(run.offsetByCodePoints(run.length(), -1));
        }
        other();
    }

    /** Something other than a plain character comes here. */
    void other() {
        if (run.length() > best.length()) {
            best = run.toString();
        }
        run.setLength(0);
    }

    /** No run is in every match. */
    void none() {
        impossible = true;
    }

    Optional<String> get() {
        other();
        return impossible || best.isEmpty() ? Optional.empty() : Optional.of(best);
    }
}
