package io.contree.linux;

import io.contree.linux.Mounts.Overlay;
import io.contree.linux.Mounts.Upper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The directories of an overlay as descriptors, id-mapped if it has an owner. By descriptor, no path is too long and
 * none needs escaping. What is mounted for it goes away on close; an overlay made in between keeps what it needs.
 */
final class OverlayLayers implements AutoCloseable {
    private static final int DIRECTORY_PATH = FileCalls.PATH_ONLY | FileCalls.DIRECTORY;

    private final List<Fd> lowers = new ArrayList<>();
    private final List<Fd> clones = new ArrayList<>();
    private final @Nullable Path attachPoint;
    private int attached;
    private @Nullable Fd upper;
    private @Nullable Fd work;

    /** The upper and work directories. */
    record Writable(Fd upper, Fd work) {}

    private OverlayLayers(@Nullable Path attachPoint) {
        this.attachPoint = attachPoint;
    }

    /**
     * @param attach whether to attach the clones somewhere for as long as this is open: before Linux 6.15 an overlay
     *     takes no layer from a detached mount
     */
    static OverlayLayers open(Overlay overlay, boolean attach) throws LinuxException {
        OverlayLayers layers = new OverlayLayers(attach && overlay.owner().isPresent() ? makeAttachPoint() : null);
        try {
            if (overlay.owner().isPresent()) {
                layers.openMapped(overlay.lowers(), overlay.owner().get());
            } else {
                for (Path lower : overlay.lowers()) {
                    layers.lowers.add(openDirectory(lower));
                }
            }
            if (overlay.upper().isPresent()) {
                layers.openWritable(overlay.upper().get(), overlay.owner().orElse(null));
            }
            return layers;
        } catch (LinuxException | RuntimeException e) {
            layers.close();
            throw e;
        }
    }

    List<Fd> lowers() {
        return lowers;
    }

    @Nullable
    Writable writable() {
        return upper == null || work == null ? null : new Writable(upper, work);
    }

    @Override
    public void close() {
        lowers.forEach(Fd::close);
        clones.forEach(Fd::close);
        if (upper != null) {
            upper.close();
        }
        if (work != null) {
            work.close();
        }
        if (attachPoint != null) {
            removeAttachPoint(attachPoint);
        }
    }

    /** Layers whose directories lie in one share a clone of that: each clone costs as much as all else for a layer. */
    private void openMapped(List<Path> paths, UserNamespace owner) throws LinuxException {
        Map<Path, Long> together = paths.stream()
                .flatMap(path -> place(path).stream())
                .collect(Collectors.groupingBy(place -> place, Collectors.counting()));
        Map<Path, Fd> shared = new HashMap<>();
        for (Path path : paths) {
            Optional<Path> place = place(path).filter(found -> together.getOrDefault(found, 0L) > 1);
            if (place.isEmpty()) {
                lowers.add(cloneMapped(path, owner));
                continue;
            }
            Fd clone = shared.get(place.get());
            if (clone == null) {
                clone = cloneMapped(place.get(), owner);
                clones.add(clone);
                shared.put(place.get(), clone);
            }
            lowers.add(openBelow(clone, place.get().relativize(path.toAbsolutePath())));
        }
    }

    /** The directory that the layers of a data directory lie in, each with its tree in a directory of its own. */
    private static Optional<Path> place(Path tree) {
        return Optional.ofNullable(tree.toAbsolutePath().getParent()).map(Path::getParent);
    }

    private void openWritable(Upper writable, @Nullable UserNamespace owner) throws LinuxException {
        if (owner == null) {
            upper = openDirectory(writable.upper());
            work = openDirectory(writable.work());
            return;
        }
        // Overlayfs renames from work to upper, which the kernel allows within one mount only.
        Path common = commonParent(writable.upper(), writable.work());
        Fd clone = cloneMapped(common, owner);
        clones.add(clone);
        upper = openBelow(clone, common.relativize(writable.upper().toAbsolutePath()));
        work = openBelow(clone, common.relativize(writable.work().toAbsolutePath()));
    }

    private Fd cloneMapped(Path path, UserNamespace owner) throws LinuxException {
        Fd clone = NewMounts.cloneTree(path);
        try {
            NewMounts.change(clone, NewMounts.ATTR_IDMAP, owner.fd().number(), path);
            if (attachPoint != null) {
                NewMounts.attach(clone, attachPoint);
                attached++;
            }
            return clone;
        } catch (LinuxException e) {
            clone.close();
            throw e;
        }
    }

    static Fd openDirectory(Path path) throws LinuxException {
        return FileCalls.open(Fd.CWD, Mounts.raw(path), DIRECTORY_PATH, 0, 0);
    }

    private static Fd openBelow(Fd clone, Path path) throws LinuxException {
        return FileCalls.open(clone, RawPath.of(path).raw(), DIRECTORY_PATH, 0, FileCalls.RESOLVE_BENEATH);
    }

    private static Path commonParent(Path upper, Path work) {
        Path common = upper.toAbsolutePath().getParent();
        while (common != null && !work.toAbsolutePath().startsWith(common)) {
            common = common.getParent();
        }
        if (common == null) {
            throw new IllegalArgumentException("upper " + upper + " and work " + work + " have no common parent");
        }
        return common;
    }

    private static Path makeAttachPoint() throws LinuxException {
        try {
            return Files.createTempDirectory("contree-layers-");
        } catch (IOException e) {
            throw new LinuxException(
                    "mkdir",
                    RawPath.of(System.getProperty("java.io.tmpdir", "")).raw(),
                    Errno.EIO.number(),
                    "no temporary directory to attach id-mapped layers at: " + e.getMessage());
        }
    }

    private void removeAttachPoint(Path point) {
        try {
            for (; attached > 0; attached--) {
                Mounts.unmount(point, true);
            }
            FileCalls.unlink(Fd.CWD, Mounts.raw(point), true);
        } catch (LinuxException e) {
            // The overlay itself is as asked for; an empty directory in the temporary directory is no reason to fail.
        }
    }
}
