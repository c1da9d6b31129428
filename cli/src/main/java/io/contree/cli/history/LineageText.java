package io.contree.cli.history;

import io.contree.api.LineageStep;
import io.contree.api.OperationKind;
import io.contree.cli.terminal.Printer;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/** Steps of a lineage, as text for people. */
final class LineageText {
    private LineageText() {}

    /** The state that a step led to, and what it was, on one line. */
    static String line(LineageStep step) {
        return step.outputImage() + "  " + what(step);
    }

    /** What a step was, on one line: of a command that has several, the first. */
    static String what(LineageStep step) {
        String whole = whole(step);
        int end = whole.indexOf('\n');
        return end < 0 ? whole : whole.substring(0, end) + " …";
    }

    /** A step with everything that is known of it. */
    static String paragraph(LineageStep step) {
        StringBuilder text = new StringBuilder("image ").append(step.outputImage());
        if (step.operationUuid() != null) {
            text.append(step.inputImage() == null ? "\nBy:    " : "\nRun:   ").append(step.operationUuid());
        }
        if (step.cachedFrom() != null) {
            text.append("\nAs by: ").append(step.cachedFrom());
        }
        return text.append("\nDate:  ")
                .append(step.createdAt().truncatedTo(ChronoUnit.SECONDS))
                .append("\n\n")
                .append(indented(step))
                .append('\n')
                .toString();
    }

    /** What a step was, all lines of it. */
    static String indented(LineageStep step) {
        return "    " + whole(step).replace("\n", "\n    ");
    }

    private static String whole(LineageStep step) {
        if (step.command() != null) {
            return Printer.printable(step.command().strip());
        }
        if (step.kind() == OperationKind.IMAGE_IMPORT) {
            return "(imported)";
        }
        return step.operationUuid() == null ? "(a public image)" : "(came from outside; the record of how is gone)";
    }

    /**
     * Draws what was made from an image, the newest first: an only child below its parent, several beside each other.
     *
     * @param steps lead to each state once
     */
    static void tree(UUID root, List<LineageStep> steps, Consumer<String> out) {
        Map<UUID, List<LineageStep>> children = new HashMap<>();
        for (LineageStep step : steps) {
            children.computeIfAbsent(step.inputImage(), image -> new ArrayList<>())
                    .add(step);
        }
        out.accept("* " + root);
        Set<UUID> drawn = new HashSet<>(Set.of(root));
        Deque<Branch> left = new ArrayDeque<>();
        push(left, children.getOrDefault(root, List.of()), "");
        while (!left.isEmpty()) {
            Branch branch = left.pop();
            out.accept(branch.lead() + "* " + line(branch.step()));
            UUID image = branch.step().outputImage();
            if (drawn.add(image)) {
                push(left, children.getOrDefault(image, List.of()), branch.below());
            }
        }
    }

    /**
     * What is still to be drawn.
     *
     * @param lead what stands before its step
     * @param below what stands before those that follow from it
     */
    private record Branch(LineageStep step, String lead, String below) {}

    private static void push(Deque<Branch> left, List<LineageStep> steps, String indent) {
        if (steps.size() == 1) {
            left.push(new Branch(steps.get(0), indent, indent));
            return;
        }
        for (int i = steps.size() - 1; i >= 0; i--) {
            boolean last = i == steps.size() - 1;
            left.push(new Branch(steps.get(i), indent + (last ? "└─" : "├─"), indent + (last ? "  " : "│ ")));
        }
    }
}
