package io.contree.store.overlay;

import io.contree.linux.Errno;
import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import io.contree.store.DiskUse;
import io.contree.store.Image;
import io.contree.store.ImageCatalog;
import io.contree.store.ImagesUse;
import io.contree.store.LayerId;
import io.contree.store.disk.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * What layers take up on the disk, alone and for the images that name them. A layer does not change, so each is measured once.
 * Safe for use by several threads.
 */
final class LayerUses {
    private static final int REMEMBERED = 1 << 18;
    private static final long BLOCK = 512;

    private final Layout layout;
    private final ImageCatalog catalog;
    /** Without the contents that layers share. */
    private final Map<LayerId, DiskUse> known = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<LayerId, DiskUse> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** A content that layers share, and how many of the layers in question have a link to it, which they alone need. */
    private static final class Content {
        private final Stat stat;
        private long exclusive;

        private Content(Stat stat) {
            this.stat = stat;
        }

        /** One link is its place among the contents. */
        boolean isExclusive() {
            return exclusive + 1 >= stat.nlink();
        }
    }

    LayerUses(Layout layout, ImageCatalog catalog) {
        this.layout = layout;
        this.catalog = catalog;
    }

    /** All that layers and uploads take up, whether or not a record names them. */
    DiskUse total() throws IOException {
        DiskUse total = tree(layout.files()).plus(tree(layout.contents()));
        total = total.plus(one(FileCalls.stat(Fd.CWD, raw(layout.layers()))));
        for (Path place : children(layout.layers())) {
            total = total.plus(use(place));
        }
        return total;
    }

    private DiskUse use(Path place) throws IOException {
        try {
            return own(LayerId.parse(place.getFileName().toString()));
        } catch (IllegalArgumentException e) {
            return DiskUse.NOTHING; // somebody else's
        }
    }

    /** What a set of images takes up together: what several of them need counts once. */
    ImagesUse of(Set<UUID> images) throws IOException {
        Set<LayerId> layers = catalog.layersOf(images);
        return use(layers, catalog.namedLayers(layers, images));
    }

    /** What would be free without these layers; those that are gone take up nothing. */
    DiskUse alone(Set<LayerId> layers) throws IOException {
        return use(layers, Set.of()).exclusive();
    }

    /** What a layer takes up with all contents that it refers to; nothing if it is gone. */
    DiskUse whole(LayerId layer) throws IOException {
        DiskUse whole = own(layer);
        for (Stat content : contents(layer)) {
            whole = whole.plus(one(content));
        }
        return whole;
    }

    /** What each of some images takes up by itself; those that are unknown are left out. */
    Map<UUID, ImagesUse> ofEach(Collection<UUID> images) throws IOException {
        Map<LayerId, Integer> names = new HashMap<>();
        catalog.forEachStack(stack -> stack.forEach(layer -> names.merge(layer, 1, Integer::sum)));
        Map<UUID, ImagesUse> uses = new HashMap<>();
        for (UUID uuid : images) {
            Optional<Image> image = catalog.image(uuid);
            if (image.isPresent()) {
                Set<LayerId> layers = new HashSet<>(image.get().layers());
                Set<LayerId> shared = new HashSet<>(layers);
                shared.removeIf(layer -> names.getOrDefault(layer, 0) < 2);
                uses.put(uuid, use(layers, shared));
            }
        }
        return uses;
    }

    private ImagesUse use(Set<LayerId> layers, Set<LayerId> shared) throws IOException {
        DiskUse exclusiveUse = DiskUse.NOTHING;
        DiskUse sharedUse = DiskUse.NOTHING;
        Map<Long, Content> contents = new HashMap<>();
        for (LayerId layer : layers) {
            boolean exclusive = !shared.contains(layer);
            if (exclusive) {
                exclusiveUse = exclusiveUse.plus(own(layer));
            } else {
                sharedUse = sharedUse.plus(own(layer));
            }
            for (Stat link : contents(layer)) {
                Content content = contents.computeIfAbsent(link.inode(), inode -> new Content(link));
                content.exclusive += exclusive ? 1 : 0;
            }
        }
        for (Content content : contents.values()) {
            if (content.isExclusive()) {
                exclusiveUse = exclusiveUse.plus(one(content.stat));
            } else {
                sharedUse = sharedUse.plus(one(content.stat));
            }
        }
        return new ImagesUse(exclusiveUse, sharedUse);
    }

    private DiskUse own(LayerId layer) throws IOException {
        synchronized (known) {
            DiskUse use = known.get(layer);
            if (use != null) {
                return use;
            }
        }
        DiskUse whole = tree(layout.layer(layer).directory());
        long bytes = whole.bytes();
        long files = whole.files();
        for (Stat content : contents(layer)) {
            bytes -= one(content).bytes();
            files--;
        }
        DiskUse own = new DiskUse(bytes, files);
        if (whole.files() > 0) {
            synchronized (known) {
                known.put(layer, own);
            }
        }
        return own;
    }

    private List<Stat> contents(LayerId layer) throws IOException {
        List<Stat> contents = new ArrayList<>();
        for (Path link : children(layout.layer(layer).contents())) {
            FileCalls.statIfPresent(Fd.CWD, raw(link)).ifPresent(contents::add);
        }
        return contents;
    }

    /** Nothing for what is not there. */
    private static DiskUse tree(Path directory) throws IOException {
        try {
            return DiskUsage.of(directory, () -> true);
        } catch (LinuxException e) {
            if (e.errno() == Errno.ENOENT) {
                return DiskUse.NOTHING;
            }
            throw e;
        }
    }

    private static DiskUse one(Stat stat) {
        return new DiskUse(stat.blocks() * BLOCK, 1);
    }

    private static String raw(Path path) {
        return RawPath.of(path).raw();
    }

    private static List<Path> children(Path directory) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return children.toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }
}
