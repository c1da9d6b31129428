package io.contree.store.layer;

import io.contree.linux.FaultPoint;
import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.store.LayerId;
import io.contree.store.dedup.EqualContents;
import io.contree.store.disk.Layout;
import io.contree.store.disk.Pins;
import io.contree.store.disk.Removal;
import io.contree.store.disk.SharedContents;
import io.contree.store.manifest.LayerStack;
import io.contree.store.manifest.LayerSums;
import io.contree.store.state.StateXattrs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An unfinished layer: closing it before it is published removes all of it. */
public final class LayerDraft implements AutoCloseable {
    private final Layout layout;
    private final SharedContents contents;
    private final KnownContents known = new KnownContents();
    private final LayerId id = LayerId.random();
    private final Layout.LayerDirectory directory;
    private final Pins.Lease lease;
    /** Open from before the first byte: a failed write is reported only to descriptors that were open by then. */
    private final Fd fileSystem;

    private boolean published;

    /**
     * Makes the directory of a draft, without its tree. Until the draft is closed it is pinned, and so is the layer that it becomes.
     *
     * @param sources layers that it lies on or is made from, which are pinned with it
     */
    public LayerDraft(Layout layout, SharedContents contents, Pins pins, List<LayerId> sources) throws IOException {
        this.layout = layout;
        this.contents = contents;
        this.directory = layout.draft(id);
        this.fileSystem = FileCalls.open(layout.temporary(), FileCalls.READ | FileCalls.DIRECTORY);
        this.lease = pins.lease();
        lease.add(directory.directory());
        lease.add(id);
        lease.add(sources);
        try {
            Files.createDirectory(directory.directory());
        } catch (IOException e) {
            lease.close();
            fileSystem.close();
            throw e;
        }
    }

    public LayerId id() {
        return id;
    }

    public Path tree() {
        return directory.tree();
    }

    Layout.LayerDirectory directory() {
        return directory;
    }

    SharedContents contents() {
        return contents;
    }

    /** What files in it hold that was not read. */
    KnownContents known() {
        return known;
    }

    public Path manifest() {
        return directory.manifest();
    }

    /**
     * Replaces what overlayfs left in the tree as references to lower layers, so that it holds all that the run changed.
     *
     * @param layers the stack below, the lowest first, without the skeleton
     * @param index what overlayfs kept beside the tree, if it is there
     */
    public void resolve(LayerStack below, List<LayerId> layers, Path index, LinkHandles handles, StateXattrs xattrs)
            throws IOException {
        try (LayerTree tree = new LayerTree(directory.tree(), xattrs);
                FileCopies copies = new FileCopies(layout, layers, this)) {
            new LowerReferences(tree, below, copies, known, handles).resolve(index);
        }
    }

    /** Compares the tree with the stack below, drops what is equal, and writes the manifest. */
    public LayerSeal.Sealed seal(LayerStack below, StateXattrs xattrs) throws IOException {
        try (LayerTree tree = new LayerTree(directory.tree(), xattrs)) {
            Skeleton.restore(tree, below);
        }
        return LayerSeal.seal(directory, below, xattrs, known, contents);
    }

    /**
     * Makes the sealed layer durable under its own name.
     *
     * @param sums of the stack with this layer on top
     * @param equal lets its files share the blocks of others that hold the same
     */
    public void publish(LayerSums sums, LayerSeal.Sealed sealed, EqualContents equal) throws IOException {
        sums.write(directory.sums());
        equal.share(directory, id);
        publish(sealed.entries());
    }

    /** As {@link #publish(LayerSums, LayerSeal.Sealed, EqualContents)}, for a layer that was not made as the top of a stack. */
    public void publish(int entries) throws IOException {
        FaultPoint.reach("layer.written");
        LayerSync.sync(directory, contents, entries, fileSystem);
        FaultPoint.reach("layer.synced");
        try (Fd from = FileCalls.open(layout.temporary(), FileCalls.READ | FileCalls.DIRECTORY);
                Fd to = FileCalls.open(layout.layers(), FileCalls.READ | FileCalls.DIRECTORY)) {
            FileCalls.rename(from, id.toString(), to, id.toString(), false);
            published = true;
            FaultPoint.reach("layer.renamed");
            FileCalls.fsync(to);
        }
        FaultPoint.reach("layer.published");
    }

    /** Removes a published layer that turned out not to be needed, before anything named it. */
    public void discard() {
        FaultPoint.pass("layer.discarded");
        remove(layout.layer(id));
    }

    private void remove(Layout.LayerDirectory layer) {
        contents.release(layer);
        Removal.remove(layer.directory());
    }

    @Override
    public void close() {
        fileSystem.close();
        if (!published) {
            remove(directory);
        }
        lease.close();
    }

    public static List<LayerId> plus(List<LayerId> below, LayerId top) {
        List<LayerId> stack = new ArrayList<>(below);
        stack.add(top);
        return stack;
    }
}
