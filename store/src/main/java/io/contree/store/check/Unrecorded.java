package io.contree.store.check;

import io.contree.store.Digest;
import io.contree.store.ImageCatalog;
import io.contree.store.LayerId;
import io.contree.store.check.Fault.Kind;
import io.contree.store.check.Fault.Subject;
import io.contree.store.disk.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What is on disk and named by no record. Beside a running server, what is being made looks the same: so its half-made things are left
 * alone, and the rest must have been there for a while, before and after the records were asked. Used once.
 */
final class Unrecorded {
    /** How long a server may take from a layer's last change to its record. */
    private static final Duration SETTLED = Duration.ofHours(1);

    private final Layout layout;
    private final ImageCatalog catalog;
    private final Records records;
    private final boolean live;
    private final List<Path> found = new ArrayList<>();

    Unrecorded(Layout layout, ImageCatalog catalog, Records records, boolean live) {
        this.layout = layout;
        this.catalog = catalog;
        this.records = records;
        this.live = live;
    }

    /** Notes what there is; to be called before the records are read for anything else. */
    void look() throws IOException {
        found.addAll(children(layout.layers()));
        for (Path directory : children(layout.files())) {
            found.addAll(Files.isDirectory(directory) ? children(directory) : List.of(directory));
        }
        if (!live) {
            found.addAll(children(layout.temporary()));
            found.addAll(children(layout.checkouts()));
        }
    }

    void report(List<Path> unusedContents, Consumer<Fault> faults) {
        Set<Path> named = new HashSet<>();
        for (LayerId layer : catalog.layers()) {
            named.add(layout.layer(layer).directory());
        }
        for (Digest digest : catalog.files()) {
            named.add(layout.file(digest));
        }
        Set<String> released = records.released();
        Instant latest = Instant.now().minus(live ? SETTLED : Duration.ZERO);
        for (Path path : found) {
            if (!named.contains(path)
                    && !released.contains(path.getFileName().toString())
                    && isThereSince(path, latest)) {
                tell(path, faults);
            }
        }
        if (!live) {
            unusedContents.forEach(path -> tell(path, faults));
        }
    }

    private void tell(Path path, Consumer<Fault> faults) {
        String id = layout.data().relativize(path).toString();
        faults.accept(Fault.of(
                Kind.LEFTOVER,
                new Subject(Subject.Type.PATH, id),
                "no record names it; the next start of the server takes it away"));
    }

    private boolean isThereSince(Path path, Instant latest) {
        try {
            return !live || Files.getLastModifiedTime(path).toInstant().isBefore(latest);
        } catch (IOException e) {
            return false;
        }
    }

    private static List<Path> children(Path directory) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return children.toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }
}
