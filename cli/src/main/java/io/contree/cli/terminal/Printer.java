package io.contree.cli.terminal;

import io.contree.api.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Prints the records of a command, for people or as JSON: the one place that knows both. */
public final class Printer {
    private final Terminal terminal;
    private final boolean json;

    public Printer(Terminal terminal, boolean json) {
        this.terminal = terminal;
        this.json = json;
    }

    /** A column of a table: its heading, and what a row has there. */
    public record Column<T>(String heading, Function<T, String> value) {}

    /** One record, or the text that says the same. */
    public void record(Object record, String text) {
        terminal.out().println(json ? json(record) : text);
    }

    /** A list of records as JSON, or a line for each. */
    public <T> void list(List<T> rows, Function<T, String> line) {
        if (json) {
            terminal.out().println(array(rows));
        } else {
            rows.forEach(row -> terminal.out().println(line.apply(row)));
        }
    }

    /** A list of records as JSON, or as a table whose columns are as wide as what they hold. */
    public <T> void table(List<T> rows, List<Column<T>> columns) {
        if (json) {
            terminal.out().println(array(rows));
            return;
        }
        List<List<String>> lines = new ArrayList<>();
        lines.add(columns.stream().map(Column::heading).toList());
        for (T row : rows) {
            lines.add(columns.stream().map(column -> column.value().apply(row)).toList());
        }
        int[] widths = new int[columns.size()];
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        lines.forEach(line -> terminal.out().println(padded(line, widths)));
    }

    /** Nothing in it moves the cursor or changes the colours of a terminal. */
    public static String printable(String text) {
        return text.replaceAll("[\\p{Cc}&&[^\n]]", "?");
    }

    private static String padded(List<String> line, int[] widths) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            text.append(line.get(i)).append(" ".repeat(widths[i] - line.get(i).length() + 2));
        }
        return text.toString().stripTrailing();
    }

    private static String array(List<?> rows) {
        return rows.stream().map(Printer::json).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String json(Object value) {
        return Json.tree(value).toPrettyString();
    }
}
