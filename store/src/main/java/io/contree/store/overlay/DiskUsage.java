package io.contree.store.overlay;

import io.contree.linux.Errno;
import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import io.contree.store.DiskUse;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Measures a tree that may change meanwhile: each inode counts once, names that vanish do not count. Used once. */
public final class DiskUsage {
    private static final long BLOCK = 512;
    private static final long INSIDE = FileCalls.RESOLVE_BENEATH | FileCalls.RESOLVE_NO_SYMLINKS;

    /** Names that are looked at between two checks whether to go on. */
    private static final int STEP = 256;

    /** Below a longer path the walk goes on from a new descriptor, since the kernel takes 4,095 bytes. */
    private static final int LONG_PATH = 2000;

    /** Descriptors that one walk may need; what lies too deep for these is not measured. */
    private static final int DEEPEST = 64;

    private final BooleanSupplier goOn;
    private final Set<Long> linked = new HashSet<>();
    private long blocks;
    private long files;
    private long names;
    private boolean ended;

    private DiskUsage(BooleanSupplier goOn) {
        this.goOn = goOn;
    }

    /** Bytes of the blocks of all files. */
    public static long of(Path root) throws LinuxException {
        return of(root, () -> true).bytes();
    }

    /**
     * What a tree takes up.
     *
     * @param goOn asked every few hundred files; once it returns false, the result is what was found so far
     */
    public static DiskUse of(Path root, BooleanSupplier goOn) throws LinuxException {
        DiskUsage usage = new DiskUsage(goOn);
        try (Fd top = FileCalls.open(root, FileCalls.READ | FileCalls.DIRECTORY | FileCalls.NO_FOLLOW)) {
            usage.walk(top, 1);
        }
        return new DiskUse(usage.blocks * BLOCK, usage.files);
    }

    private void walk(Fd base, int depth) throws LinuxException {
        Deque<RawPath> directories = new ArrayDeque<>(List.of(new RawPath(".")));
        while (!directories.isEmpty() && !ended) {
            RawPath path = directories.pop();
            Optional<Fd> opened = open(base, path);
            if (opened.isEmpty()) {
                continue;
            }
            try (Fd directory = opened.get()) {
                if (path.length() > LONG_PATH) {
                    if (depth < DEEPEST) {
                        walk(directory, depth + 1);
                    }
                } else {
                    measure(directory, path, directories);
                }
            }
        }
    }

    private void measure(Fd directory, RawPath path, Deque<RawPath> directories) throws LinuxException {
        count(FileCalls.stat(directory, ""));
        List<LinuxException> failure = new ArrayList<>();
        FileCalls.list(directory, entry -> {
            if (++names % STEP == 0 && !goOn.getAsBoolean()) {
                ended = true;
                return false;
            }
            if (entry.type() == Stat.DIRECTORY) {
                directories.push(path.child(entry.name()));
                return true;
            }
            try {
                file(directory, entry.name());
                return true;
            } catch (LinuxException e) {
                failure.add(e);
                return false;
            }
        });
        if (!failure.isEmpty()) {
            throw failure.getFirst();
        }
    }

    private void file(Fd directory, String name) throws LinuxException {
        Optional<Stat> stat = FileCalls.statIfPresent(directory, name);
        if (stat.isPresent() && (stat.get().nlink() < 2 || linked.add(stat.get().inode()))) {
            count(stat.get());
        }
    }

    private void count(Stat stat) {
        blocks += stat.blocks();
        files++;
    }

    private static Optional<Fd> open(Fd base, RawPath path) throws LinuxException {
        try {
            int flags = FileCalls.READ | FileCalls.DIRECTORY | FileCalls.NO_FOLLOW;
            return Optional.of(FileCalls.open(base, path.raw(), flags, 0, INSIDE));
        } catch (LinuxException e) {
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR || e.errno() == Errno.ELOOP) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
