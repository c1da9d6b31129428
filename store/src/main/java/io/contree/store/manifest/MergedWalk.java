package io.contree.store.manifest;

import io.contree.store.state.Checkpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** All that is visible below a directory of a stack, parents first, without the directory itself. */
public final class MergedWalk {
    private final MergedEntry directory;

    public MergedWalk(MergedEntry directory) {
        this.directory = directory;
    }

    public void forEach(Consumer<MergedEntry> visitor) {
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
