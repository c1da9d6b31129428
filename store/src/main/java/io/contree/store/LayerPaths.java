package io.contree.store;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The directories that an overlay of a stack is mounted from. */
final class LayerPaths {
    private LayerPaths() {}

    /** The trees of a stack that is given the lowest first, in the order that overlayfs takes: the uppermost first. */
    static List<Path> lowers(Layout layout, List<LayerId> layers) {
        List<Path> lowers = new ArrayList<>(layers.size() + 1);
        for (LayerId layer : layers.reversed()) {
            lowers.add(layout.layer(layer).tree());
        }
        lowers.add(layout.skeleton().tree());
        return lowers;
    }
}
