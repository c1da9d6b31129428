package io.contree.cli.demo;

import io.contree.cli.terminal.Style;
import io.contree.sdk.Changes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Draws a story as a tree: one line for each run, with the state it led to, its time and what it changed. */
final class Drawing {
    private final Style style;
    private final List<Line> lines = new ArrayList<>();
    private final Set<UUID> seen = new HashSet<>();

    Drawing(Style style) {
        this.style = style;
    }

    private record Line(String branch, Node node, boolean known) {
        /** Up to where the command begins. */
        String head() {
            return branch + Names.of(node.image()) + "  " + node.title();
        }
    }

    List<String> draw(Node base) {
        add(base, "", "");
        int head = width(line -> line.head().length());
        int command = width(line -> line.node().command().length());
        return lines.stream().map(line -> text(line, head, command)).toList();
    }

    private interface Width {
        int of(Line line);
    }

    private int width(Width width) {
        return lines.stream().mapToInt(width::of).max().orElse(0);
    }

    private void add(Node node, String branch, String below) {
        lines.add(new Line(branch, node, !seen.add(node.image())));
        for (int i = 0; i < node.next().size(); i++) {
            boolean last = i == node.next().size() - 1;
            add(node.next().get(i), below + (last ? "└─ " : "├─ "), below + (last ? "   " : "│  "));
        }
    }

    private String text(Line line, int headWidth, int commandWidth) {
        Node node = line.node();
        String name = Names.of(node.image());
        String head = style.faint(line.branch())
                + (line.known() ? style.good(name) : style.name(name))
                + "  "
                + style.strong(node.title());
        return (head
                        + " ".repeat(headWidth - line.head().length() + 2)
                        + node.command()
                        + " ".repeat(commandWidth - node.command().length() + 2)
                        + "%4d ms  ".formatted(node.took().toMillis())
                        + (line.known() ? style.good("= known state") : changes(node.changes())))
                .stripTrailing();
    }

    private static String changes(Changes changes) {
        String listed = changes.listed().stream()
                .map(change -> sign(change.kind()) + change.path())
                .collect(Collectors.joining("  "));
        return changes.more() > 0 ? listed + "  and " + changes.more() + " more" : listed;
    }

    private static String sign(String kind) {
        return switch (kind) {
            case "added" -> "+";
            case "deleted" -> "-";
            default -> "~";
        };
    }
}
