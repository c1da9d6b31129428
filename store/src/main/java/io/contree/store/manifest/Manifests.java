package io.contree.store.manifest;

import io.contree.store.IoFailure;
import io.contree.store.LayerId;
import io.contree.store.StoreException;
import io.contree.store.disk.Layout;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The manifests of a store's layers, the most recently used kept open. Safe for use by several threads. */
public final class Manifests {
    private static final int KEPT = 4096;

    private final Layout layout;
    private final Manifest skeleton;
    private final Map<LayerId, Manifest> open = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<LayerId, Manifest> eldest) {
            return size() > KEPT;
        }
    };

    public Manifests(Layout layout, Manifest skeleton) {
        this.layout = layout;
        this.skeleton = skeleton;
    }

    /** The stack of layers, given the lowest first, on top of the skeleton. */
    public LayerStack stack(List<LayerId> layers) {
        List<Manifest> topFirst = new ArrayList<>(layers.size() + 1);
        for (LayerId layer : layers.reversed()) {
            topFirst.add(of(layer));
        }
        topFirst.add(skeleton);
        return new LayerStack(topFirst);
    }

    public synchronized Manifest of(LayerId layer) {
        Manifest known = open.get(layer);
        if (known != null) {
            return known;
        }
        Manifest opened = read(layer);
        open.put(layer, opened);
        return opened;
    }

    /** Closes that of a layer that is gone; its bytes stay on the disk for as long as it is open. */
    public synchronized void forget(LayerId layer) {
        open.remove(layer);
    }

    private Manifest read(LayerId layer) {
        try {
            return Manifest.open(layout.layer(layer).manifest());
        } catch (NoSuchFileException e) {
            throw new StoreException(
                    StoreException.Kind.CORRUPT, "layer " + layer + " is gone from the data directory", e);
        } catch (IOException e) {
            throw IoFailure.of("open the manifest of layer " + layer, e);
        }
    }
}
