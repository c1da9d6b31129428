package io.contree.store.backup;

import io.contree.linux.FaultPoint;
import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Finished things on their way to their names: none gets it before it is on disk, and one sync serves many. What is not published when a
 * process ends is left in {@code tmp}. Used by one thread.
 */
final class Batch implements AutoCloseable {
    private static final int MANY = 256;
    private static final long MUCH = 1L << 30;

    private final Tally tally;
    /** Opened before anything was written, so that no failed write is missed. */
    private final Fd fileSystem;

    private final Map<Path, Path> waiting = new LinkedHashMap<>();
    private long publishedAt;

    Batch(Path directory, Tally tally) throws LinuxException {
        this.tally = tally;
        this.fileSystem = FileCalls.open(directory, FileCalls.READ | FileCalls.DIRECTORY);
    }

    void add(Path made, Path target) {
        waiting.put(made, target);
    }

    /** To be called where nothing is half-made. */
    void publishIfFull() throws IOException {
        if (waiting.size() >= MANY || tally.bytes() - publishedAt >= MUCH) {
            publish();
        }
    }

    void publish() throws IOException {
        if (waiting.isEmpty()) {
            return;
        }
        FaultPoint.reach("backup.batch-written");
        FileCalls.syncFileSystem(fileSystem);
        FaultPoint.reach("backup.batch-synced");
        for (Map.Entry<Path, Path> one : waiting.entrySet()) {
            Files.createDirectories(Objects.requireNonNull(one.getValue().getParent()));
            FileCalls.rename(one.getKey(), one.getValue(), true);
            FaultPoint.reach("backup.thing-named");
        }
        waiting.clear();
        publishedAt = tally.bytes();
    }

    /** Brings names to disk too. */
    void sync() throws LinuxException {
        FileCalls.syncFileSystem(fileSystem);
    }

    @Override
    public void close() {
        fileSystem.close();
    }
}
