package io.contree.cli.terminal;

import java.time.Duration;
import java.util.Locale;

/** Shows on standard error how far a long copy is, as one changing line; nothing where nobody watches. Used by one thread. */
public final class CopyMeter implements AutoCloseable {
    private static final long REDRAW_NANOS = Duration.ofMillis(200).toNanos();

    private final Terminal terminal;
    private final boolean shown;
    private final long start = System.nanoTime();
    private long drawn;
    private int width;

    public CopyMeter(Terminal terminal, boolean shown) {
        this.terminal = terminal;
        this.shown = shown && terminal.interactiveErr();
    }

    /**
     * @param what is being copied, in words
     * @param total 0 if it is not known
     * @param bytes copied since the start
     */
    public void at(String what, long done, long total, long bytes) {
        long now = System.nanoTime();
        if (!shown || now - drawn < REDRAW_NANOS) {
            return;
        }
        drawn = now;
        String count = total == 0 ? "" : ": " + done + " of " + total;
        redraw(what + count + ", " + amount(bytes, now - start));
    }

    /** Such as {@code 1.2 GB at 210.0 MB/s}. */
    public static String amount(long bytes, long nanos) {
        double seconds = Math.max(nanos, 1) / 1e9;
        return String.format(Locale.ROOT, "%s at %s/s", Bytes.text(bytes), Bytes.text((long) (bytes / seconds)));
    }

    private void redraw(String line) {
        terminal.err().print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
        terminal.err().flush();
        width = line.length();
    }

    /** Takes the line away; idempotent. */
    @Override
    public void close() {
        if (width > 0) {
            redraw("");
            terminal.err().print('\r');
            terminal.err().flush();
            width = 0;
        }
    }
}
