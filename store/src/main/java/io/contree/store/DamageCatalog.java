package io.contree.store;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The durable records of what on disk is not what was written, so that nobody is served from it, and how they are made good. Every
 * method that records is durable on return, and atomic. Safe for use by several threads.
 */
public interface DamageCatalog {
    /** Each layer that was found damaged, and what was found. Costs next to nothing, since there are few. */
    Map<LayerId, String> layers();

    /** Records what was found in a layer; what was found first stays. */
    void record(LayerId layer, String what, Instant at);

    /** Takes back what was found in a layer, since it is whole again or gone. */
    void clear(LayerId layer);

    /**
     * Gives every image that stands on a stack, or has it, another one that shows the same, unless it would have too many layers.
     * Layers that it names no longer are released.
     *
     * @return how many images have other layers now
     */
    int restackAll(List<LayerId> from, List<LayerId> to);

    /** Removes the records of an uploaded file in all projects, so that whoever has it uploads it again. */
    void forgetFile(Digest digest);
}
