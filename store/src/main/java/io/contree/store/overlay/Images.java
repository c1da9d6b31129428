package io.contree.store.overlay;

import io.contree.linux.FaultPoint;
import io.contree.store.Digest;
import io.contree.store.Image;
import io.contree.store.ImageCatalog;
import io.contree.store.LayerId;
import io.contree.store.StoreException;
import io.contree.store.disk.Pins;
import io.contree.store.layer.LayerDraft;
import io.contree.store.state.ImageKey;
import io.contree.store.state.StateSums;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Names states and records them. Safe for use by several threads. */
final class Images {
    private static final Logger LOG = LoggerFactory.getLogger(Images.class);

    private final ImageCatalog catalog;
    private final Clock clock;

    Images(ImageCatalog catalog, Clock clock) {
        this.catalog = catalog;
        this.clock = clock;
    }

    /** The image of a state, not recorded yet. */
    Image describe(StateSums sums, List<LayerId> layers, SortedMap<String, String> env, String cwd) {
        String place = cwd.equals("/") ? "" : cwd;
        Digest key = ImageKey.of(sums.state(), env, place);
        return new Image(
                key.uuid(),
                key,
                sums.state(),
                sums.content(),
                layers,
                env,
                place,
                clock.instant().truncatedTo(ChronoUnit.MILLIS));
    }

    /**
     * The recorded image with the key of this one.
     *
     * @throws StoreException CORRUPT if the UUID is known under another key
     */
    Optional<Image> known(Image described) {
        Optional<Image> known = catalog.image(described.uuid());
        if (known.isPresent() && !known.get().key().equals(described.key())) {
            throw new StoreException(
                    StoreException.Kind.CORRUPT,
                    "image " + described.uuid() + " is known under another key: "
                            + known.get().key() + " and not " + described.key());
        }
        return known;
    }

    /** Records an image whose layers are on disk; returns the known one if it is known by now. */
    Image record(Image described) {
        FaultPoint.pass("image.named");
        Image recorded = catalog.record(described);
        FaultPoint.pass("image.recorded");
        return recorded;
    }

    /** As {@link #record}; a published layer that the recorded image does not use is removed. */
    Image record(Image described, LayerDraft draft) {
        Image recorded;
        try {
            recorded = record(described);
        } catch (RuntimeException e) {
            // Only what is certainly not recorded may go: if the catalog cannot say, it is left to the next open, and a
            // catalog whose disk failed may have recorded it.
            boolean stopped = e instanceof StoreException failure && failure.kind() == StoreException.Kind.STOPPED;
            if (!stopped && catalog.image(described.uuid()).isEmpty()) {
                draft.discard();
            }
            throw e;
        }
        if (!recorded.layers().contains(draft.id())) {
            draft.discard();
        }
        return recorded;
    }

    /**
     * The image as it is recorded now, which it stays while the lease lasts, and so do the layers of its stack.
     *
     * @throws StoreException NOT_FOUND if it was removed meanwhile
     */
    Image pinned(Image image, Pins.Lease lease) {
        lease.add(image.uuid());
        Image known = image;
        while (true) {
            lease.add(known.layers());
            Image now = get(image.uuid());
            if (now.layers().equals(known.layers())) {
                return now;
            }
            known = now; // it was given another stack before the layers of the old one were pinned
        }
    }

    /** Gives a damaged image, and those that stand on its layers, layers that show the same. */
    Image heal(Image damaged, List<LayerId> layers) {
        int healed = catalog.damage().restackAll(damaged.layers(), layers);
        LOG.info(
                "image {} was reached again; {} images that stood on its damaged layers are whole again",
                damaged.uuid(),
                healed);
        return get(damaged.uuid());
    }

    /** As above; a published layer that the image does not use then is removed. */
    Image heal(Image damaged, List<LayerId> layers, LayerDraft draft) {
        Image healed = heal(damaged, layers);
        if (!healed.layers().contains(draft.id())) {
            draft.discard(); // somebody else was faster
        }
        return healed;
    }

    Image get(UUID uuid) {
        return catalog.image(uuid)
                .orElseThrow(() -> new StoreException(
                        StoreException.Kind.NOT_FOUND, "There is no image " + uuid + " in this data directory"));
    }
}
