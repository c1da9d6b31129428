package io.contree.sdk.nio;

import io.contree.sdk.internal.nio.RawNames;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The directories of an image by their real paths, each asked for once, also by several threads at the same time. Those
 * used last are kept, up to a number of entries in all.
 */
final class Directories {
    private static final int KEPT_ENTRIES = 50_000;

    /** A directory that is there or being asked for. Locks and not monitors: these do not pin virtual threads. */
    private static final class Slot {
        final ReentrantLock lock = new ReentrantLock();
        volatile @Nullable Directory directory;
    }

    private final ImageTree tree;
    private final int limit;
    private final Map<String, Slot> slots = new LinkedHashMap<>(16, 0.75f, true);
    private long kept;

    Directories(ImageTree tree) {
        this(tree, KEPT_ENTRIES);
    }

    Directories(ImageTree tree, int limit) {
        this.tree = tree;
        this.limit = limit;
    }

    /** @param path a real path of a directory */
    Directory list(String path) {
        Slot slot = slot(path);
        Directory known = slot.directory;
        if (known != null) {
            return known;
        }
        slot.lock.lock();
        try {
            known = slot.directory;
            if (known == null) {
                known = Directory.of(path, tree.list(RawNames.percent(path)));
                keep(path, slot, known);
            }
            return known;
        } finally {
            slot.lock.unlock();
        }
    }

    private synchronized Slot slot(String path) {
        return slots.computeIfAbsent(path, key -> new Slot());
    }

    private synchronized void keep(String path, Slot slot, Directory directory) {
        slot.directory = directory;
        if (slots.get(path) != slot) {
            return; // evicted in the meantime
        }
        kept += weight(directory);
        Iterator<Map.Entry<String, Slot>> eldest = slots.entrySet().iterator();
        while (kept > limit && eldest.hasNext()) {
            Slot other = eldest.next().getValue();
            Directory pushedOut = other.directory;
            if (other != slot && pushedOut != null) {
                eldest.remove();
                kept -= weight(pushedOut);
            }
        }
    }

    private static int weight(Directory directory) {
        return 1 + directory.entries().size();
    }
}
