package io.contree.store.backup;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.FileSystemPlace;
import io.contree.linux.OpenFileLock;
import io.contree.store.Digest;
import io.contree.store.IoFailure;
import io.contree.store.LayerId;
import io.contree.store.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A directory with backups of one data directory, which share what does not change: layers, contents, uploaded files and event logs.
 * Locked as long as it is open, for one who writes or for many who read.
 */
final class BackupDirectory implements AutoCloseable {
    private static final String FORMAT = "contree backup 1\n";
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH-mm-ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path directory;
    private final OpenFileLock lock;

    private BackupDirectory(Path directory, OpenFileLock lock) {
        this.directory = directory;
        this.lock = lock;
    }

    /**
     * Opens a directory to write a backup to, and makes it if it is missing.
     *
     * @param data the data directory, which it must be apart from
     * @throws StoreException INVALID if it holds anything else, IO if somebody else has it
     */
    static BackupDirectory toWrite(Path path, Path data) throws IOException {
        Path directory = path.toAbsolutePath().normalize();
        boolean made = Files.notExists(directory);
        if (made) {
            Files.createDirectory(directory, OWNER_ONLY);
        }
        try {
            requireApart(directory, data);
        } catch (IOException | RuntimeException e) {
            if (made) {
                Files.delete(directory);
            }
            throw e;
        }
        requireNothingElse(directory);
        OpenFileLock lock = OpenFileLock.exclusive(lockOf(directory))
                .orElseThrow(() -> refused(
                        directory,
                        "is in use: another backup"
                                + " is being made there, or one is being restored; wait for its end"));
        BackupDirectory opened = new BackupDirectory(directory, lock);
        try {
            opened.prepare();
            return opened;
        } catch (IOException | RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /**
     * Opens a directory to read backups from.
     *
     * @throws StoreException NOT_FOUND if there are none
     */
    static BackupDirectory toRead(Path path) throws IOException {
        Path directory = path.toAbsolutePath().normalize();
        if (!hasFormat(directory)) {
            throw new StoreException(
                    StoreException.Kind.NOT_FOUND,
                    "There is no backup in " + directory + ": it has no file \""
                            + formatOf(directory).getFileName() + "\" that says \"" + FORMAT.strip() + "\"");
        }
        OpenFileLock lock = OpenFileLock.shared(lockOf(directory), 0, 0)
                .orElseThrow(() -> refused(directory, "is in use: a backup is being made there; wait for its end"));
        return new BackupDirectory(directory, lock);
    }

    private void prepare() throws IOException {
        if (!hasFormat(directory)) {
            Path half = temporary("format");
            Files.createDirectories(half.getParent(), OWNER_ONLY);
            Files.writeString(half, FORMAT);
            try (Fd file = FileCalls.open(half, FileCalls.READ)) {
                FileCalls.fsync(file);
            }
            FileCalls.rename(half, formatOf(directory), true);
        }
        emptyTemporary();
        Files.createDirectories(backups(), OWNER_ONLY);
    }

    /** Removes what an earlier backup left half-made. */
    void emptyTemporary() throws IOException {
        FileCalls.removeTree(directory.resolve("tmp"));
        Files.createDirectory(directory.resolve("tmp"), OWNER_ONLY);
    }

    private static void requireApart(Path directory, Path data) throws IOException {
        if (isWithin(directory, data) || isWithin(data, directory)) {
            throw new StoreException(
                    StoreException.Kind.INVALID,
                    "the backup directory " + directory + " and the data directory " + data
                            + " must lie apart: what happens to one must not happen to the other. Name a directory elsewhere,"
                            + " on another disk if you can");
        }
    }

    private static boolean isWithin(Path inner, Path outer) throws IOException {
        if (inner.toRealPath().startsWith(outer.toRealPath())) {
            return true;
        }
        try (Fd innerFile = FileCalls.open(inner, FileCalls.READ | FileCalls.DIRECTORY);
                Fd outerFile = FileCalls.open(outer, FileCalls.READ | FileCalls.DIRECTORY)) {
            Optional<FileSystemPlace> place = FileSystemPlace.of(innerFile);
            Optional<FileSystemPlace> other = FileSystemPlace.of(outerFile);
            return place.isPresent() && other.isPresent() && place.get().isWithin(other.get());
        }
    }

    private static void requireNothingElse(Path directory) throws IOException {
        if (hasFormat(directory)) {
            return;
        }
        Set<String> ours =
                Set.of("lost+found", "tmp", lockOf(directory).getFileName().toString());
        try (Stream<Path> found = Files.list(directory)) {
            Optional<String> other = found.map(path -> path.getFileName().toString())
                    .filter(name -> !ours.contains(name))
                    .findFirst();
            if (other.isPresent()) {
                throw new StoreException(
                        StoreException.Kind.INVALID,
                        "the directory " + directory + " is not empty (there is " + other.get()
                                + ") and holds no backups of contree; name an empty one");
            }
        }
    }

    private static boolean hasFormat(Path directory) throws IOException {
        Path format = formatOf(directory);
        if (Files.notExists(format)) {
            return false;
        }
        String found = new String(Files.readAllBytes(format), StandardCharsets.ISO_8859_1);
        if (!found.equals(FORMAT)) {
            throw refused(
                    directory,
                    "has format \"" + found.strip() + "\" and this version of contree knows \"" + FORMAT.strip()
                            + "\"; use the version that wrote it");
        }
        return true;
    }

    private static StoreException refused(Path directory, String problem) {
        return new StoreException(StoreException.Kind.IO, "the backup directory " + directory + " " + problem);
    }

    private static Path formatOf(Path directory) {
        return directory.resolve("contree-backup");
    }

    private static Path lockOf(Path directory) {
        return directory.resolve("backup.lock");
    }

    Path directory() {
        return directory;
    }

    Path temporary(String name) {
        return directory.resolve("tmp").resolve(name);
    }

    /** A place for something half-made. */
    Path temporary() {
        return temporary(UUID.randomUUID().toString());
    }

    Shelf layers() {
        return new Shelf(directory.resolve("layers"));
    }

    Path layer(LayerId layer) {
        return layers().place(layer.toString());
    }

    Shelf contents() {
        return new Shelf(directory.resolve("contents"));
    }

    Shelf files() {
        return new Shelf(directory.resolve("files"));
    }

    Path file(Digest digest) {
        return files().place(digest.hex());
    }

    Shelf logs() {
        return new Shelf(directory.resolve("logs"));
    }

    /** What the log of an operation is called on its shelf. */
    static String logName(UUID operation) {
        return operation + ".jsonl.gz";
    }

    Path backups() {
        return directory.resolve("backups");
    }

    /** The backups, the oldest first. */
    List<Snapshot> snapshots() throws IOException {
        if (Files.notExists(backups())) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(backups())) {
            return found.filter(path -> timeOf(path.getFileName().toString()).isPresent())
                    .sorted()
                    .map(Snapshot::new)
                    .toList();
        }
    }

    /** A name that sorts after all others, whatever the clock says. */
    String nextName(Instant now) throws IOException {
        List<Snapshot> known = snapshots();
        Instant last =
                known.isEmpty() ? Instant.EPOCH : timeOf(known.getLast().name()).orElseThrow();
        Instant next = last.plusMillis(1);
        return NAME.format(now.isAfter(next) ? now : next);
    }

    private static Optional<Instant> timeOf(String name) {
        try {
            return Optional.of(Instant.from(NAME.parse(name)));
        } catch (DateTimeParseException e) {
            return Optional.empty(); // not ours
        }
    }

    /** Says in words of a backup why something could not be written to it. */
    StoreException failure(IOException cause) {
        if (IoFailure.isFull(cause)) {
            return new StoreException(
                    StoreException.Kind.DISK_FULL,
                    "the disk of the backup directory " + directory + " is full (" + IoFailure.reason(cause)
                            + "); the backups that were there before are as they were. Keep fewer (--keep), or give it a"
                            + " larger disk",
                    cause);
        }
        return new StoreException(
                StoreException.Kind.IO,
                "cannot back up to " + directory + ": " + IoFailure.reason(cause) + " (" + cause.getMessage()
                        + "); the backups that were there before are as they were",
                cause);
    }

    @Override
    public void close() {
        lock.close();
    }
}
