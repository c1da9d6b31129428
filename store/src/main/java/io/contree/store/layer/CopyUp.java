package io.contree.store.layer;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.RawPath;
import io.contree.store.manifest.LayerStack;
import io.contree.store.manifest.MergedEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Copies a file from the layers below into a layer that is being written, under all its names that show through. */
final class CopyUp {
    private final LayerStack below;
    private final LayerTree tree;
    private final DraftDirectories directories;
    private final FileCopies copies;

    CopyUp(LayerStack below, LayerTree tree, DraftDirectories directories, FileCopies copies) {
        this.below = below;
        this.tree = tree;
        this.directories = directories;
        this.copies = copies;
    }

    /** Copies files that the layer leaves some names of, and not all: the others would still count. */
    void copyUpTorn() throws IOException {
        for (LayerStack.LinkGroup group : below.groups()) {
            List<RawPath> names = below.linkedPaths(group);
            if (names.size() > 1) {
                List<RawPath> left = new ArrayList<>();
                for (RawPath name : names) {
                    if (Shadow.of(tree, name) == Shadow.THROUGH) {
                        left.add(name);
                    }
                }
                if (!left.isEmpty() && left.size() < names.size()) {
                    copyUp(below.find(left.getFirst()).orElseThrow());
                }
            }
        }
    }

    void copyUp(MergedEntry file) throws IOException {
        Optional<RawPath> copied = Optional.empty();
        for (RawPath path : file.linkedPaths()) {
            if (Shadow.of(tree, path) != Shadow.THROUGH) {
                continue;
            }
            Fd parent = directories.parentOf(path);
            if (copied.isEmpty()) {
                copies.make(below.find(path).orElseThrow(), parent, path.name());
                copied = Optional.of(path);
            } else {
                try (Fd first = tree.directory(copied.get().parent())) {
                    FileCalls.link(first, copied.get().name(), parent, path.name());
                }
            }
        }
    }
}
