package io.contree.store.disk;

import io.contree.store.LayerId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The directories that an overlay of a stack is mounted from. */
public final class LayerPaths {
    private LayerPaths() {}

    /**
     * The trees to run on: those of a stack, given the lowest first, in overlayfs's order, the uppermost first, and
     * then the skeleton.
     */
    public static List<Path> lowers(Layout layout, List<LayerId> layers) {
        List<Path> lowers = trees(layout, layers);
        lowers.add(layout.skeleton().tree());
        return lowers;
    }

    /** The trees to view: as {@link #lowers}, but mount points that the image does not hold itself are left out. */
    public static List<Path> viewed(Layout layout, List<LayerId> layers) {
        List<Path> lowers = layers.isEmpty() ? lowers(layout, layers) : trees(layout, layers);
        if (lowers.size() == 1) {
            // Overlayfs refuses to merge a single directory.
            lowers.add(layout.empty());
        }
        return lowers;
    }

    private static List<Path> trees(Layout layout, List<LayerId> layers) {
        List<Path> trees = new ArrayList<>(layers.size() + 1);
        for (LayerId layer : layers.reversed()) {
            trees.add(layout.layer(layer).tree());
        }
        return trees;
    }
}
