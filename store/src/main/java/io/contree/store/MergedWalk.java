package io.contree.store;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** All that is visible below a directory of a stack, parents first, without the directory itself. */
final class MergedWalk {
    private final MergedEntry directory;

    MergedWalk(MergedEntry directory) {
        this.directory = directory;
    }

    void forEach(Consumer<MergedEntry> visitor) {
        List<MergedEntry> pending = new ArrayList<>(directory.children());
        while (!pending.isEmpty()) {
            Checkpoint.pass();
            MergedEntry entry = pending.removeLast();
            visitor.accept(entry);
            if (entry.isDirectory()) {
                pending.addAll(entry.children());
            }
        }
    }
}
