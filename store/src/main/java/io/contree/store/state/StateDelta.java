package io.contree.store.state;

import io.contree.linux.RawPath;

/** Entries that came and went, as sums to add to those of the state before. Used by one thread. */
public final class StateDelta {
    private final EntrySum state = new EntrySum();
    private final EntrySum content = new EntrySum();

    public void add(TreeEntry entry, RawPath link) {
        state.add(EntryHash.of(entry, link, true));
        content.add(EntryHash.of(entry, link, false));
    }

    public void subtract(TreeEntry entry, RawPath link) {
        state.subtract(EntryHash.of(entry, link, true));
        content.subtract(EntryHash.of(entry, link, false));
    }

    public StateSums sums() {
        return new StateSums(state.hash(), content.hash());
    }
}
