package io.contree.store.check;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.RawPath;
import io.contree.store.Digest;
import io.contree.store.Image;
import io.contree.store.ImageCatalog;
import io.contree.store.LayerId;
import io.contree.store.StoreException;
import io.contree.store.check.Fault.Subject;
import io.contree.store.disk.Layout;
import io.contree.store.disk.Layout.LayerDirectory;
import io.contree.store.disk.SetAside;
import io.contree.store.disk.SharedContents;
import io.contree.store.manifest.LayerSums;
import io.contree.store.manifest.Manifest;
import io.contree.store.manifest.Manifests;
import io.contree.store.state.ContentHash;
import io.contree.store.state.StateSums;
import io.contree.store.state.TreeEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * Makes good what a check found, where what is known suffices: from manifests, from records, from what was set aside. What still could be
 * of use is set aside and not removed. A layer that stays damaged is recorded as such, so that no server serves it. In a directory that no
 * server has, but for {@link #mark}. Used by one thread.
 */
public final class Repair {
    private final Layout layout;
    private final ImageCatalog catalog;
    private final SetAside aside;
    private final Clock clock;

    public Repair(Layout layout, ImageCatalog catalog, Clock clock) {
        this.layout = layout;
        this.catalog = catalog;
        this.aside = new SetAside(layout, clock);
        this.clock = clock;
    }

    /** What was done about a fault; empty if it is as it was, but for a mark. */
    public Optional<String> repair(Fault fault) {
        Optional<String> done;
        try {
            done = attempt(fault);
        } catch (IOException | StoreException e) {
            done = Optional.empty();
        }
        if (done.isEmpty()) {
            mark(fault);
        }
        return done;
    }

    /** Records that a layer is damaged, which may be done beside a server; that refuses its images from then on. */
    public void mark(Fault fault) {
        boolean harms = switch (fault.kind()) {
            case LAYER, MANIFEST, MISSING, EXTRA, CHANGED, CONTENT, UNREADABLE -> true;
            default -> false;
        };
        if (harms && fault.subject().type() == Subject.Type.LAYER) {
            String path = fault.path().isEmpty() ? "" : "\"" + fault.path() + "\": ";
            catalog.damage().record(LayerId.parse(fault.subject().id()), path + fault.what(), clock.instant());
        }
    }

    private Optional<String> attempt(Fault fault) throws IOException {
        return switch (fault.subject().type()) {
            case LAYER -> layer(LayerId.parse(fault.subject().id()), fault);
            case UPLOAD -> upload(new Digest(fault.subject().id().replaceFirst("^sha256:", "")));
            default -> Optional.empty();
        };
    }

    private Optional<String> layer(LayerId layer, Fault fault) throws IOException {
        LayerDirectory directory = layout.layer(layer);
        return switch (fault.kind()) {
            case LAYER ->
                aside.bringBack(directory.directory())
                        ? Optional.of("it was brought back from what was set aside")
                        : Optional.empty();
            case SUMS -> sums(directory, fault.images());
            case MISSING, EXTRA, CHANGED -> {
                Optional<String> done = new EntryRepair(directory, Manifest.open(directory.manifest()), aside::keep)
                        .repair(fault.path());
                if (done.isPresent()) {
                    sync(directory.tree());
                }
                yield done;
            }
            case CONTENT -> content(directory, fault.path());
            case MARKED -> {
                catalog.damage().clear(layer);
                yield Optional.of("it is no longer recorded as damaged");
            }
            default -> Optional.empty();
        };
    }

    /** A content that layers share is there under two names at least: its own and the layer's. */
    private Optional<String> content(LayerDirectory directory, RawPath path) throws IOException {
        Manifest manifest = Manifest.open(directory.manifest());
        TreeEntry entry = manifest.entry(manifest.find(path));
        Digest digest = entry.content().orElseThrow();
        Optional<Path> shared = layout.content(digest);
        if (shared.isEmpty() || entry.size() < SharedContents.SMALLEST) {
            return Optional.empty();
        }
        Path own = directory.contents().resolve(digest.hex());
        boolean sharedIsWhole = holds(shared.get(), entry);
        if (sharedIsWhole == holds(own, entry)) {
            return Optional.empty();
        }
        Path whole = sharedIsWhole ? shared.get() : own;
        Path other = sharedIsWhole ? own : shared.get();
        setAside(other);
        Files.createDirectories(Objects.requireNonNull(other.getParent()));
        Files.createLink(other, whole);
        sync(other);
        return Optional.of("its content was found under another name");
    }

    private static boolean holds(Path file, TreeEntry entry) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) != entry.size()) {
            return false;
        }
        try (Fd content = FileCalls.open(file, FileCalls.READ | FileCalls.NO_FOLLOW)) {
            return new ContentHash()
                    .of(content, entry.size())
                    .equals(entry.content().orElseThrow());
        }
    }

    /** They only save time: without them a stack is added up anew, as is done here if an image has it. */
    private Optional<String> sums(LayerDirectory directory, List<UUID> images) throws IOException {
        aside.keep(directory.sums());
        Manifests manifests =
                new Manifests(layout, Manifest.open(layout.skeleton().manifest()));
        for (UUID uuid : images) {
            Optional<Image> image = catalog.image(uuid);
            if (image.isPresent()
                    && layout.layer(image.get().layers().getLast()).equals(directory)) {
                StateSums sums = new StackStates(manifests).of(image.get().layers());
                new LayerSums(image.get().layers(), sums).write(directory.sums());
                sync(directory.sums());
                return Optional.of("its sums were made again");
            }
        }
        return Optional.of("its sums were set aside: they are added up when they are needed");
    }

    private Optional<String> upload(Digest digest) throws IOException {
        Path file = layout.file(digest);
        if (Files.exists(file)) {
            aside.keep(file);
        } else if (aside.bringBack(file)) {
            return Optional.of("it was brought back from what was set aside");
        }
        catalog.damage().forgetFile(digest);
        return Optional.of("it was set aside, and projects have it no more: whoever needs it uploads it again");
    }

    /** Takes something away from where it is. */
    public void setAside(Path path) {
        if (Files.exists(path)) {
            aside.keep(path);
        }
    }

    private static void sync(Path path) throws LinuxException {
        try (var any = FileCalls.open(path, FileCalls.READ)) {
            FileCalls.syncFileSystem(any);
        }
    }
}
