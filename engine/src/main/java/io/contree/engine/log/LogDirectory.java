package io.contree.engine.log;

import io.contree.store.IoFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where event logs lie: {@code logs/AA/UUID.jsonl}, {@code AA} being the first two digits of the UUID. All 256 directories are
 * made at the start, so that a new log costs no entry but its own.
 */
public final class LogDirectory {
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private static final Logger LOG = LoggerFactory.getLogger(LogDirectory.class);

    private final Path logs;

    private LogDirectory(Path logs) {
        this.logs = logs;
    }

    public static LogDirectory open(Path data) {
        Path logs = data.resolve("logs");
        try {
            boolean made = false;
            // each is looked for: a restore makes those alone for which it has logs
            for (int shard = 0; shard < 256; shard++) {
                Path directory = shard(logs, shard);
                if (!Files.isDirectory(directory)) {
                    Files.createDirectories(directory, OWNER_ONLY);
                    made = true;
                }
            }
            if (made) {
                sync(logs);
                sync(data);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the directories of the event logs in " + data, e);
        }
        return new LogDirectory(logs);
    }

    /** As it is, even if it was never opened. */
    public static LogDirectory at(Path data) {
        return new LogDirectory(data.resolve("logs"));
    }

    /** The logs of the operations whose UUIDs begin with a byte; empty if there are none. */
    public List<Path> files(int shard) throws IOException {
        try (Stream<Path> files = Files.list(shard(logs, shard))) {
            return files.toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    private static Path shard(Path logs, int shard) {
        return logs.resolve("%02x".formatted(shard));
    }

    public Path file(UUID operation) {
        String name = operation.toString();
        return logs.resolve(name.substring(0, 2)).resolve(name + ".jsonl");
    }

    /**
     * Gives an operation that is still to be recorded the log of one that has ended; it is durable on return. A log is not written to once it has
     * ended, so both share a file, whatever its size.
     *
     * @return false, with nothing done, if it cannot be shared: it was removed, or too many share it already
     * @throws io.contree.store.StoreException DISK_FULL, IO
     */
    public boolean share(UUID ended, UUID with) {
        Path link = file(with);
        try {
            Files.createLink(link, file(ended));
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            LOG.debug("operation {} cannot share the event log of {}: {}", with, ended, e.toString());
            return false;
        }
        try {
            sync(Objects.requireNonNull(link.getParent(), "a log lies in a directory"));
            return true;
        } catch (IOException e) {
            remove(with);
            throw IoFailure.of("put the event log on disk", e);
        }
    }

    public boolean exists(UUID operation) {
        return Files.exists(file(operation));
    }

    /** The size of an operation's log; 0 if it has none. */
    public long bytes(UUID operation) {
        return file(operation).toFile().length();
    }

    /** Removes an operation's log, if it has one. What cannot be removed is logged: the record says already that it is gone. */
    public void remove(UUID operation) {
        try {
            Files.deleteIfExists(file(operation));
        } catch (IOException e) {
            LOG.warn("could not remove the event log of operation {}: {}", operation, e.toString());
        }
    }

    /** Puts a directory's entries on disk. */
    static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
