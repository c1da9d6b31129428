package io.contree.linux;

import io.contree.linux.Mounts.Overlay;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Mounts overlays in the best way that the kernel knows, and remembers which that is. */
final class OverlayMount {
    /** The source that mount tables show for our overlays. */
    private static final String SOURCE = "contree";

    private static volatile @Nullable Way plainWay;
    private static volatile @Nullable Way mappedWay;

    /** The ways to mount, the preferred first. */
    enum Way {
        /** New mount API; id-mapped layers are detached mounts (Linux 6.15). */
        DETACHED,
        /** New mount API with {@code lowerdir+} (Linux 6.7); id-mapped layers are attached for the moment. */
        ATTACHED,
        /** {@code mount(2)}: all layers in one page of options, so about 200 of them. */
        LEGACY
    }

    /**
     * How kernels refuse a way that they do not know. Descriptors of layers: with EOPNOTSUPP before Linux 6.5, where overlayfs takes
     * none, and with EBADF before 6.13, where it takes none that were opened for their path alone.
     */
    private static final Set<Errno> UNKNOWN =
            EnumSet.of(Errno.ENOSYS, Errno.EINVAL, Errno.ENODEV, Errno.EOPNOTSUPP, Errno.EBADF);

    private OverlayMount() {}

    static void mount(Overlay overlay, Path target) throws LinuxException {
        if (overlay.lowers().size() == 1
                && overlay.upper().isEmpty()
                && overlay.contents().isEmpty()) {
            // Overlayfs refuses this; the directory itself, read-only, shows the same.
            Mounts.readOnlyTree(overlay.lowers().getFirst(), overlay.owner().orElse(null), target);
            return;
        }
        boolean mapped = overlay.owner().isPresent();
        Way known = mapped ? mappedWay : plainWay;
        if (known != null) {
            mount(overlay, target, known);
            return;
        }
        Way found = firstThatWorks(overlay, target);
        if (mapped) {
            mappedWay = found;
        } else {
            plainWay = found;
        }
    }

    private static Way firstThatWorks(Overlay overlay, Path target) throws LinuxException {
        LinuxException failure = null;
        for (Way way : Way.values()) {
            try {
                mount(overlay, target, way);
                return way;
            } catch (LinuxException e) {
                if (!UNKNOWN.contains(e.errno())) {
                    throw e;
                }
                if (failure == null || failure.errno() == Errno.ENOSYS) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        throw Objects.requireNonNull(failure);
    }

    static void mount(Overlay overlay, Path target, Way way) throws LinuxException {
        try (OverlayLayers layers = OverlayLayers.open(overlay, way != Way.DETACHED)) {
            if (way == Way.LEGACY) {
                if (overlay.contents().isPresent()) {
                    throw new LinuxException(
                            "mount(overlay)",
                            Mounts.raw(target),
                            Errno.EINVAL.number(),
                            "its layers share contents, which needs Linux 6.7");
                }
                String options = options(layers);
                if (options.length() >= CallMemory.PATH_MAX) {
                    throw new LinuxException(
                            "mount(overlay)",
                            Mounts.raw(target),
                            Errno.E2BIG.number(),
                            overlay.lowers().size() + " layers are too many for this kernel; Linux 6.7 takes 500");
                }
                long flags = overlay.upper().isEmpty() ? Mounts.MS_VIEW : 0;
                asOwner(overlay, () -> Mounts.mount(SOURCE, target, "overlay", flags, options));
            } else {
                mountNew(overlay, layers, target);
            }
        }
    }

    private static void mountNew(Overlay overlay, OverlayLayers layers, Path target) throws LinuxException {
        try (Fd context = NewMounts.open("overlay")) {
            NewMounts.set(context, "source", SOURCE);
            boolean writes = overlay.upper().isPresent();
            String redirects = onOff(writes || overlay.contents().isPresent());
            NewMounts.set(context, "redirect_dir", redirects);
            NewMounts.set(context, "metacopy", redirects);
            NewMounts.set(context, "index", onOff(writes));
            for (Fd lower : layers.lowers()) {
                NewMounts.set(context, "lowerdir+", lower);
            }
            if (overlay.contents().isPresent()) {
                try (Fd contents =
                        OverlayLayers.openDirectory(overlay.contents().get())) {
                    NewMounts.set(context, "datadir+", contents);
                }
            }
            OverlayLayers.Writable writable = layers.writable();
            if (writable != null) {
                NewMounts.set(context, "upperdir", writable.upper());
                NewMounts.set(context, "workdir", writable.work());
                NewMounts.set(context, "volatile");
            }
            asOwner(overlay, () -> {
                NewMounts.create(context);
                return 0;
            });
            try (Fd mount = NewMounts.mount(context, writable == null ? NewMounts.ATTR_VIEW : 0)) {
                NewMounts.attach(mount, target);
            }
        }
    }

    private static String onOff(boolean on) {
        return on ? "on" : "off";
    }

    private static void asOwner(Overlay overlay, CallThreads.Task task) throws LinuxException {
        if (overlay.owner().isPresent()) {
            MappedCredentials.run(overlay.owner().get().mapping(), task);
        } else {
            task.run();
        }
    }

    private static String options(OverlayLayers layers) {
        OverlayLayers.Writable writable = layers.writable();
        String features = writable == null
                ? "redirect_dir=off,metacopy=off,index=off"
                : "redirect_dir=on,metacopy=on,index=on,volatile,upperdir="
                        + writable.upper().procPath() + ",workdir="
                        + writable.work().procPath();
        StringJoiner lowers = new StringJoiner(":", features + ",lowerdir=", "");
        layers.lowers().forEach(lower -> lowers.add(lower.procPath()));
        return lowers.toString();
    }
}
