package io.contree.bench.figure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A page of Markdown with a part between two marks that the bench writes. */
public final class MeasuredPage {
    private static final String BEGIN = "<!-- ./bench --write begins -->\n";
    private static final String END = "<!-- ./bench --write ends -->";

    private MeasuredPage() {}

    /** @throws IOException if the page cannot be written, or has no such part */
    public static void write(Path page, String part) throws IOException {
        String text = Files.readString(page);
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IOException(page + " has no lines " + BEGIN.strip() + " and " + END);
        }
        Files.writeString(page, text.substring(0, begin) + BEGIN + part + text.substring(end));
    }
}
