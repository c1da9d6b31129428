package io.contree.store.manifest;

import io.contree.linux.RawPath;
import io.contree.store.IoFailure;
import io.contree.store.LayerId;
import io.contree.store.StoreException;
import io.contree.store.disk.Layout;
import io.contree.store.state.StateDelta;
import io.contree.store.state.StateSums;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sums of the states that stacks of layers show. Safe for use by several threads. */
public final class StackSums {
    private static final Logger LOG = LoggerFactory.getLogger(StackSums.class);

    private final Layout layout;
    private final Manifests manifests;
    private final StateSums skeleton;

    /** @param skeleton the sums of a stack without layers */
    public StackSums(Layout layout, Manifests manifests, StateSums skeleton) {
        this.layout = layout;
        this.manifests = manifests;
        this.skeleton = skeleton;
    }

    /** The sums of a stack: those that {@link LayerSums} keep beside its top layer, else added up from all manifests. */
    public StateSums of(List<LayerId> layers) {
        if (layers.isEmpty()) {
            return skeleton;
        }
        try {
            Path file = layout.layer(layers.getLast()).sums();
            if (Files.exists(file)) {
                LayerSums known = LayerSums.read(file);
                if (known.stack().equals(layers)) {
                    return known.sums();
                }
            }
        } catch (StoreException e) {
            LOG.warn("{}; they are added up anew", e.getMessage()); // they only save time
        } catch (IOException e) {
            throw IoFailure.of("read the sums of layer " + layers.getLast(), e);
        }
        return addedUp(manifests.stack(layers));
    }

    public static StateSums addedUp(LayerStack stack) {
        StateDelta delta = new StateDelta();
        MergedEntry root = stack.root();
        delta.add(root.entry(), RawPath.EMPTY);
        new MergedWalk(root).forEach(entry -> delta.add(entry.entry(), entry.link()));
        return delta.sums();
    }
}
