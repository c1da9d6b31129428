package io.contree.store;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.UUID;
import java.util.function.Consumer;

/** Makes images from layers that come from elsewhere. Safe for use by several threads. */
public interface Layers {
    /** Starts a layer on top of a stack, the lowest first; empty for the first layer of an image. */
    LayerWriter write(List<LayerId> parents);

    /**
     * Records the image of a stack in the {@link ImageCatalog}, or finds it there. Cheap if {@link #write} made
     * the top layer on this stack; else all entries of the stack are added up.
     *
     * @param layers the lowest first; a very high stack is recorded as a lower one that shows the same
     * @param cwd empty for {@code /}
     * @param reaching hears which image it is before it is looked for, to hold it
     */
    Image record(List<LayerId> layers, SortedMap<String, String> env, String cwd, Consumer<UUID> reaching);

    /** As above, while nothing is removed. */
    default Image record(List<LayerId> layers, SortedMap<String, String> env, String cwd) {
        return record(layers, env, cwd, image -> {});
    }

    /** Keeps layers, whatever is removed meanwhile. */
    interface Use extends AutoCloseable {
        /** From now on the layer stays, if it is there. */
        void add(LayerId layer);

        @Override
        void close();
    }

    /** Uses no layer yet. */
    Use use();

    /** Whether a recorded layer is there, with a manifest that is what was written; if not, that is recorded. */
    boolean isWhole(LayerId layer);

    /** Removes a finished layer that turned out not to be needed, before anything named it. */
    void discard(LayerId layer);

    /** Makes an empty directory for half-made things, on the disk of the layers. */
    Scratch scratch();

    /** A directory that is removed, with all that is in it, when it is closed. */
    interface Scratch extends AutoCloseable {
        Path directory();

        @Override
        void close();
    }
}
