package io.contree.store.check;

import io.contree.linux.RawPath;
import io.contree.store.Digest;
import io.contree.store.Image;
import io.contree.store.LayerId;
import io.contree.store.StoreException;
import io.contree.store.check.Fault.Kind;
import io.contree.store.check.Fault.Subject;
import io.contree.store.disk.Layout;
import io.contree.store.manifest.LayerSums;
import io.contree.store.manifest.Manifest;
import io.contree.store.manifest.Manifests;
import io.contree.store.state.ImageKey;
import io.contree.store.state.StateSums;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Whether images are what their records say: key, UUID, and the sums of what their layers show. Used by one thread. */
final class ImageCheck {
    private final Layout layout;
    private final Set<LayerId> unusable;
    private final Consumer<Fault> faults;
    private final Manifests manifests;
    private final StackStates states;
    /** Layers whose whiteouts and sums were looked at. */
    private final Set<LayerId> seen = new HashSet<>();

    private final List<Fault> found = new ArrayList<>();

    /** @param unusable layers whose manifests cannot be read, which have been reported */
    ImageCheck(Layout layout, Set<LayerId> unusable, Consumer<Fault> faults) throws IOException {
        this.layout = layout;
        this.unusable = unusable;
        this.faults = faults;
        this.manifests = new Manifests(layout, Manifest.open(layout.skeleton().manifest()));
        this.states = new StackStates(manifests);
    }

    /** Looks at an image; {@link #report} tells what is wrong with the one looked at last. */
    boolean isWhole(Image image) {
        found.clear();
        Digest key = ImageKey.of(image.state(), image.env(), image.cwd());
        if (!key.equals(image.key())) {
            add(image, Kind.IMAGE, "its key is " + image.key() + ", and by its state, variables and directory " + key);
        }
        if (!image.key().uuid().equals(image.uuid())) {
            add(
                    image,
                    Kind.IMAGE,
                    "its UUID is not that of its key, " + image.key().uuid());
        }
        if (image.layers().stream().noneMatch(unusable::contains)) {
            state(image);
        }
        return found.isEmpty();
    }

    private void state(Image image) {
        StateSums sums;
        try {
            sums = states.of(image.layers());
            layers(image, sums);
        } catch (StoreException e) {
            // Of a layer that came after the layers were looked at.
            add(image, Kind.STATE, String.valueOf(e.getMessage()));
            return;
        }
        if (!sums.state().equals(image.state())) {
            add(image, Kind.STATE, "its layers show another state than it was recorded with");
        } else if (!sums.content().equals(image.content())) {
            add(image, Kind.STATE, "its layers show another content digest than it was recorded with");
        }
    }

    /** What lies on a layer, and below it, is the same in all stacks: so once is enough. */
    private void layers(Image image, StateSums sums) {
        List<LayerId> stack = image.layers();
        for (int place = 0; place < stack.size(); place++) {
            LayerId layer = stack.get(place);
            if (seen.add(layer)) {
                var idle = LayerDelta.idleWhiteout(manifests.stack(stack.subList(0, place)), manifests.of(layer));
                idle.ifPresent(path -> found.add(new Fault(
                        Kind.EXTRA,
                        Subject.of(layer),
                        path,
                        "its whiteout hides nothing, so overlayfs may show it as a name that cannot be opened",
                        List.of(image.uuid()))));
            }
        }
        if (!stack.isEmpty()) {
            compareSums(image, layout.layer(stack.getLast()).sums(), sums);
        }
    }

    private void compareSums(Image image, Path file, StateSums sums) {
        if (!Files.exists(file)) {
            return;
        }
        try {
            LayerSums kept = LayerSums.read(file);
            boolean right = kept.stack().equals(image.layers()) ? kept.sums().equals(sums) : true;
            if (!right) {
                found.add(new Fault(
                        Kind.SUMS,
                        Subject.of(image.layers().getLast()),
                        RawPath.EMPTY,
                        "its sums are not those of its stack",
                        List.of(image.uuid())));
            }
        } catch (IOException | StoreException e) {
            // reported with the layer
        }
    }

    private void add(Image image, Kind kind, String what) {
        found.add(new Fault(
                kind,
                new Subject(Subject.Type.IMAGE, image.uuid().toString()),
                RawPath.EMPTY,
                what,
                List.of(image.uuid())));
    }

    /** Tells what was found. */
    void report(Image image) {
        found.forEach(faults);
    }
}
