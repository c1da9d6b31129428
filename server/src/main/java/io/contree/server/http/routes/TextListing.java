package io.contree.server.http.routes;

import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import io.contree.store.ImageView;
import io.contree.store.ImageView.Entry;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** A directory as {@code ls -l} shows it, with times in UTC. */
final class TextListing {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm").withZone(ZoneOffset.UTC);

    private final int[] widths = new int[5];

    /** Makes the columns wide enough for some entries; to be called for all before the first is written. */
    void measure(List<Entry> entries, ImageView.Names names) {
        for (Entry entry : entries) {
            String[] row = row(entry, names);
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
    }

    /** Writes a line for each of some entries. */
    void append(StringBuilder text, List<Entry> entries, ImageView.Names names) {
        entries.forEach(entry -> append(text, row(entry, names)));
    }

    private static String[] row(Entry entry, ImageView.Names names) {
        boolean device = FileType.CHARACTER_DEVICE.is(entry.mode()) || FileType.BLOCK_DEVICE.is(entry.mode());
        String size = device ? entry.rdevMajor() + ", " + entry.rdevMinor() : Long.toString(entry.size());
        String target = entry.symlinkTarget().isEmpty() ? "" : " -> " + oneLine(entry.symlinkTarget());
        Instant time = Instant.ofEpochSecond(Stat.seconds(entry.mtimeNanos()));
        return new String[] {
            FileType.symbolic(entry.mode()),
            Integer.toString(entry.nlink()),
            FileItem.owner(entry, names),
            FileItem.group(entry, names),
            size,
            TIME.format(time) + " " + oneLine(new RawPath(entry.name())) + target
        };
    }

    private void append(StringBuilder text, String[] row) {
        text.append(row[0]);
        for (int i = 1; i < widths.length; i++) {
            boolean name = i == 2 || i == 3;
            String padding = " ".repeat(widths[i] - row[i].length());
            text.append(' ').append(name ? row[i] + padding : padding + row[i]);
        }
        text.append(' ').append(row[5]).append('\n');
    }

    /** Names may hold anything: a line break in one must not make a second entry of it. */
    private static String oneLine(RawPath path) {
        return path.toString().replace("\n", "\\n").replaceAll("\\p{Cntrl}", "?");
    }
}
