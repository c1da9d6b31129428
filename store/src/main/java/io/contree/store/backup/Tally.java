package io.contree.store.backup;

import io.contree.store.backup.CopyProgress.Part;

/** Counts what is copied, and tells. Used by one thread. */
final class Tally {
    private final CopyProgress.Listener listener;
    private Part part = Part.CATALOG;
    private long done;
    private long total;
    private long bytes;

    Tally(CopyProgress.Listener listener) {
        this.listener = listener;
    }

    void begin(Part next, long of) {
        part = next;
        done = 0;
        total = of;
        tell();
    }

    void done() {
        done++;
        tell();
    }

    void copied(long more) {
        bytes += more;
    }

    long bytes() {
        return bytes;
    }

    void tell() {
        listener.at(new CopyProgress(part, done, total, bytes));
    }
}
