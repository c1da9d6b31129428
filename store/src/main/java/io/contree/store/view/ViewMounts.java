package io.contree.store.view;

import io.contree.linux.LinuxException;
import io.contree.linux.Mounts;
import io.contree.store.LayerId;
import io.contree.store.disk.LayerPaths;
import io.contree.store.disk.Layout;
import io.contree.store.disk.Pins;
import io.contree.store.disk.Removal;
import io.contree.store.disk.SharedContents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Read-only mounts of stacks, shared by all views of one and kept for a while. Safe for use by several threads. */
public final class ViewMounts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ViewMounts.class);
    private static final int MOST_IDLE = 32;

    private final Layout layout;
    private final SharedContents contents;
    private final Pins pins;
    private final Duration idle;
    private final Map<List<LayerId>, ViewMount> used = new HashMap<>();
    /** Mounts that nobody uses, the longest unused first. */
    private final Map<List<LayerId>, ViewMount> unused = new LinkedHashMap<>();

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("store-views").factory());

    /** A mounted stack. */
    public static final class ViewMount {
        private final Path root;
        private final Pins.Lease lease;
        private int users;
        private long unusedSince;

        private ViewMount(Path root, Pins.Lease lease) {
            this.root = root;
            this.lease = lease;
        }

        public Path root() {
            return root;
        }
    }

    /** @param idle how long a mount stays after its last user */
    public ViewMounts(Layout layout, SharedContents contents, Pins pins, Duration idle) {
        this.layout = layout;
        this.contents = contents;
        this.pins = pins;
        this.idle = idle;
    }

    /** The mount of a stack, until {@link #release}. */
    public synchronized ViewMount use(List<LayerId> layers) throws IOException {
        ViewMount mount = used.get(layers);
        if (mount == null) {
            mount = unused.remove(layers);
            if (mount == null) {
                mount = mount(layers);
            }
            used.put(layers, mount);
        }
        mount.users++;
        return mount;
    }

    private ViewMount mount(List<LayerId> layers) throws IOException {
        Path root = layout.view(UUID.randomUUID());
        Pins.Lease lease = pins.lease();
        lease.add(root);
        lease.add(layers);
        try {
            Files.createDirectory(root);
            List<Path> lowers = LayerPaths.viewed(layout, layers);
            Mounts.overlay(new Mounts.Overlay(lowers, Optional.empty(), Optional.empty(), contents.directory()), root);
            return new ViewMount(root, lease);
        } catch (IOException e) {
            Removal.remove(root);
            lease.close();
            throw e;
        }
    }

    public synchronized void release(List<LayerId> layers) {
        ViewMount mount = used.get(layers);
        if (mount == null || --mount.users > 0) {
            return;
        }
        used.remove(layers);
        mount.unusedSince = System.nanoTime();
        unused.put(layers, mount);
        if (unused.size() > MOST_IDLE) {
            unmountEldest();
        }
        if (!timer.isShutdown()) {
            var _ = timer.schedule(this::unmountIdle, idle.toMillis() + 1, TimeUnit.MILLISECONDS);
        }
    }

    private synchronized void unmountIdle() {
        while (!unused.isEmpty()
                && System.nanoTime() - unused.values().iterator().next().unusedSince >= idle.toNanos()) {
            unmountEldest();
        }
    }

    /** Unmounts what nobody uses of these layers, and may never be asked for again. */
    public synchronized void unmountUnused(Set<LayerId> layers) {
        List<List<LayerId>> stacks = unused.keySet().stream()
                .filter(stack -> stack.stream().anyMatch(layers::contains))
                .toList();
        for (List<LayerId> stack : stacks) {
            unmount(Objects.requireNonNull(unused.remove(stack)));
        }
    }

    private void unmountEldest() {
        List<LayerId> eldest = unused.keySet().iterator().next();
        ViewMount mount = unused.remove(eldest);
        if (mount != null) {
            unmount(mount);
        }
    }

    private static void unmount(ViewMount mount) {
        try {
            // Detached: a file that was opened through it may still be read to its end.
            Mounts.unmount(mount.root(), true);
            Removal.remove(mount.root());
            mount.lease.close();
        } catch (LinuxException e) {
            LOG.warn("could not unmount a view: {}", e.getMessage());
        }
    }

    /** Unmounts everything, used or not. */
    @Override
    public void close() {
        timer.shutdownNow();
        synchronized (this) {
            used.values().forEach(ViewMounts::unmount);
            used.clear();
            unused.values().forEach(ViewMounts::unmount);
            unused.clear();
        }
    }
}
