package io.contree.store.overlay;

import io.contree.linux.Errno;
import io.contree.linux.LinuxException;
import io.contree.store.Image;
import io.contree.store.ImageCatalog;
import io.contree.store.IoFailure;
import io.contree.store.LayerId;
import io.contree.store.StoreException;
import io.contree.store.check.ManifestCheck;
import io.contree.store.disk.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps damaged images from being served, by what was recorded, also by another process, and by what is met; whatever stands on other
 * layers goes on. Safe for use by several threads.
 */
final class Damage {
    private static final Logger LOG = LoggerFactory.getLogger(Damage.class);

    private final Layout layout;
    private final ImageCatalog catalog;
    private final Clock clock;

    Damage(Layout layout, ImageCatalog catalog, Clock clock) {
        this.layout = layout;
        this.catalog = catalog;
        this.clock = clock;
    }

    /** Does something with an image. If it fails as it would on a damaged one, its layers are looked at. */
    <T> T explaining(Image image, Supplier<T> work) {
        try {
            return work.get();
        } catch (StoreException e) {
            throw explained(image, e);
        }
    }

    /** @throws StoreException DAMAGED if it is known to be damaged */
    void requireWhole(Image image) {
        Map<LayerId, String> damaged = catalog.damage().layers();
        for (LayerId layer : damaged.isEmpty() ? List.<LayerId>of() : image.layers()) {
            String what = damaged.get(layer);
            if (what != null) {
                throw damaged(image, layer, what, null);
            }
        }
    }

    /** The failure itself, or that the image is damaged if one of its layers is found to be. */
    StoreException explained(Image image, StoreException failure) {
        if (failure.kind() == StoreException.Kind.CORRUPT || isOfDisk(failure)) {
            // As it is now: the layers that it had may be gone for good reasons.
            List<LayerId> layers =
                    catalog.image(image.uuid()).map(Image::layers).orElse(List.of());
            for (LayerId layer : layers) {
                Optional<String> what = problem(layer);
                if (what.isPresent()) {
                    found(layer, what.get());
                    return damaged(image, layer, what.get(), failure);
                }
            }
        }
        return failure;
    }

    private static boolean isOfDisk(StoreException failure) {
        return failure.kind() == StoreException.Kind.IO
                && !(failure.getCause() instanceof LinuxException e
                        && (e.errno() == Errno.ENOMEM || e.errno() == Errno.EMFILE || e.errno() == Errno.ENFILE));
    }

    private static StoreException damaged(Image image, LayerId layer, String what, @Nullable StoreException cause) {
        String message = "image " + image.uuid() + " is damaged on the server's disk (layer " + layer + ": " + what
                + "), so it is not served. It heals when its state is reached again: repeat the run or the import that made"
                + " it; on the server, \"contree fsck\" tells more";
        return cause == null
                ? new StoreException(StoreException.Kind.DAMAGED, message)
                : new StoreException(StoreException.Kind.DAMAGED, message, cause);
    }

    /** Whether a stack can be replaced by one that was just made: something of it is gone or damaged. */
    boolean isIn(List<LayerId> layers) {
        Map<LayerId, String> damaged = catalog.damage().layers();
        return layers.stream().anyMatch(layer -> damaged.containsKey(layer) || isGone(layer));
    }

    private boolean isGone(LayerId layer) {
        Layout.LayerDirectory directory = layout.layer(layer);
        return !Files.isDirectory(directory.tree()) || !Files.isRegularFile(directory.manifest());
    }

    /** Whether a layer is there, with a manifest that is what was written; if not, that is recorded. */
    boolean isWhole(LayerId layer) {
        Optional<String> what = problem(layer);
        what.ifPresent(found -> found(layer, found));
        return what.isEmpty();
    }

    private Optional<String> problem(LayerId layer) {
        Layout.LayerDirectory directory = layout.layer(layer);
        try {
            if (!Files.isDirectory(directory.directory())) {
                return Optional.of("it is missing");
            }
            if (!Files.isDirectory(directory.tree())) {
                return Optional.of("its tree is missing");
            }
            return ManifestCheck.problem(directory.manifest()).map(wrong -> "its manifest is damaged: " + wrong);
        } catch (IOException e) {
            return Optional.of("it cannot be read: " + IoFailure.reason(e));
        }
    }

    /** Records that a layer is damaged. */
    void found(LayerId layer, String what) {
        LOG.error(
                "layer {} is damaged: {}; images on it are no longer served; \"contree fsck\" names them", layer, what);
        try {
            catalog.damage().record(layer, what, clock.instant());
        } catch (StoreException e) {
            LOG.warn("that layer {} is damaged could not be recorded: {}", layer, e.getMessage());
        }
    }
}
