package io.contree.cli.terminal;

import io.contree.sdk.ImportListener;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Shows the progress of an import on standard error: one changing line on a terminal, one line per finished step
 * elsewhere.
 */
public final class ImportProgress implements ImportListener, AutoCloseable {
    private record Step(long done, long total) {
        boolean isDone() {
            return total >= 0 && done >= total;
        }
    }

    private final Terminal terminal;
    private final String what;
    private final boolean shown;
    private final Map<String, Step> steps = new LinkedHashMap<>();
    private int width;

    public ImportProgress(Terminal terminal, String what, boolean shown) {
        this.terminal = terminal;
        this.what = what;
        this.shown = shown;
    }

    @Override
    public synchronized void step(String step, long done, long total) {
        Step before = steps.put(step, new Step(done, total));
        if (!shown) {
            return;
        }
        if (terminal.interactiveErr()) {
            redraw(summary());
        } else if (new Step(done, total).isDone() && (before == null || !before.isDone())) {
            terminal.err().println(step + ": " + Bytes.text(total));
        }
    }

    @Override
    public synchronized void warning(String message) {
        close();
        terminal.err().println("contree: warning: " + message);
    }

    /** Takes the changing line away; idempotent. */
    @Override
    public synchronized void close() {
        if (width > 0) {
            redraw("");
            terminal.err().print('\r');
            terminal.err().flush();
            width = 0;
        }
    }

    private String summary() {
        long done = 0;
        long total = 0;
        boolean known = true;
        int finished = 0;
        for (Step step : steps.values()) {
            done += Math.max(step.done(), 0);
            total += Math.max(step.total(), 0);
            known &= step.total() >= 0;
            finished += step.isDone() ? 1 : 0;
        }
        String amount = known && total > 0
                ? Bytes.text(done) + " of " + Bytes.text(total) + " (" + 100 * done / total + " %)"
                : Bytes.text(done);
        return "importing " + what + ": " + finished + " of " + steps.size() + " steps, " + amount;
    }

    private void redraw(String line) {
        terminal.err().print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
        terminal.err().flush();
        width = line.length();
    }
}
