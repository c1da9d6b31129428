package io.contree.store.disk;

import io.contree.linux.Host;
import io.contree.linux.OpenFileLock;
import io.contree.linux.OverlayTrial;
import io.contree.linux.UserNamespace;
import io.contree.store.IoFailure;
import io.contree.store.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

/**
 * A data directory that this process has to itself, from before anything in it is opened until this is closed: no other
 * server can open it, whatever this process does to files in it.
 */
public final class DataDirectory implements AutoCloseable {
    static final String FORMAT = "contree data 1\n";
    /** Layers may have files whose content lies in {@link Layout#contents}: an earlier version would take them for empty. */
    static final String FORMAT_2 = "contree data 2\n";
    /** A backup is being restored, or that was cut short. */
    static final String RESTORING = "contree restore 1\n";

    static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Layout layout;
    private final OpenFileLock lock;

    private DataDirectory(Layout layout, OpenFileLock lock) {
        this.layout = layout;
        this.lock = lock;
    }

    /**
     * Takes the directory, creating it if missing.
     *
     * @throws StoreException IO if another server has it, it belongs to another user, holds something else, is of another
     *     format, or its file system cannot hold what runs write; the message says what to do
     */
    public static DataDirectory open(Path data) {
        Layout layout = new Layout(data.toAbsolutePath().normalize());
        try {
            if (Files.notExists(layout.data())) {
                make(layout.data(), "rwx--x--x");
            }
            DataAccess access = new DataAccess(layout);
            access.requireOwner();
            if (!Files.exists(layout.format())) {
                access.requireNothingElse(); // before a lock is left in what is not ours
            }
            OpenFileLock lock = OpenFileLock.exclusive(layout.lock()).orElseThrow(() -> inUse(layout));
            try {
                prepare(layout, access);
                return new DataDirectory(layout, lock);
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new StoreException(
                    IoFailure.isFull(e) ? StoreException.Kind.DISK_FULL : StoreException.Kind.IO,
                    "cannot use the data directory " + layout.data() + ": " + IoFailure.reason(e)
                            + "; choose another with --data",
                    e);
        }
    }

    private static void prepare(Layout layout, DataAccess access) throws IOException {
        checkFormat(layout, access);
        new Headroom(layout).giveUpIfFull();
        Files.deleteIfExists(layout.formerLock());
        for (Path directory :
                List.of(layout.layers(), layout.checkouts(), layout.temporary(), layout.files(), layout.empty())) {
            make(directory, "rwx------");
        }
        access.closeToOthers();
        // Runtimes come here with the ids of a container, so its mounts must be reachable by all.
        make(layout.data(), "rwx--x--x");
        make(layout.mounts(), "rwx--x--x");
        if (Host.isRoot()) { // who may not mount is told at the first mount
            requireOverlays(layout, Optional.empty());
        }
        DiskSync.directory(layout.data());
    }

    /** Whether a server has a directory now. */
    public static boolean isServed(Layout layout) throws IOException {
        if (Files.notExists(layout.lock())) {
            return false;
        }
        Optional<OpenFileLock> free = OpenFileLock.shared(layout.lock(), 0, 0);
        free.ifPresent(OpenFileLock::close);
        return free.isEmpty();
    }

    public Layout layout() {
        return layout;
    }

    /** Which catalog belongs to it. */
    public CatalogLink catalogLink() {
        return CatalogLink.of(layout);
    }

    /** @throws StoreException IO if overlays with these ids cannot be written here */
    public static void requireOverlays(Layout layout, Optional<UserNamespace> owner) {
        OverlayTrial.problem(layout.temporary(), owner).ifPresent(problem -> {
            throw refused(
                    layout, "cannot hold what runs write: " + problem.what(), problem.remedy() + "; --data names it");
        });
    }

    private static StoreException inUse(Layout layout) {
        return new StoreException(
                StoreException.Kind.IO,
                "the data directory " + layout.data()
                        + " is in use by another server; stop it, or choose another directory with --data");
    }

    /** @param problem completes "the data directory DATA …" */
    static StoreException refused(Layout layout, String problem, String remedy) {
        return new StoreException(
                StoreException.Kind.IO, "the data directory " + layout.data() + " " + problem + "; " + remedy);
    }

    /** A format that a crash at the first start cut short is written again; nothing else is there then. */
    private static void checkFormat(Layout layout, DataAccess access) throws IOException {
        String found = Files.exists(layout.format())
                ? new String(Files.readAllBytes(layout.format()), StandardCharsets.ISO_8859_1)
                : "";
        if (found.equals(FORMAT) || found.equals(FORMAT_2)) {
            return;
        }
        if (found.equals(RESTORING)) {
            throw refused(
                    layout,
                    "holds a part of a backup: restoring it has not ended, or was cut short",
                    "run contree restore on it again");
        }
        if (!FORMAT.startsWith(found)) {
            throw refused(
                    layout,
                    "has format \"" + found.strip() + "\" and this version of contree reads \"" + FORMAT.strip()
                            + "\" and \"" + FORMAT_2.strip() + "\"",
                    "use the version that wrote it");
        }
        access.requireNothingElse();
        WholeFile.write(layout.format(), FORMAT);
    }

    /** Keeps versions out that do not know of {@link SharedContents}. */
    static void useFormat2(Layout layout) throws IOException {
        if (!Files.readString(layout.format()).equals(FORMAT_2)) {
            WholeFile.write(layout.format(), FORMAT_2);
        }
    }

    private static void make(Path directory, String permissions) throws IOException {
        Files.createDirectories(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(permissions));
    }

    @Override
    public void close() {
        lock.close();
    }
}
