package io.contree.store.disk;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.Host;
import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import io.contree.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who can reach a data directory: the server's user alone, or it is not used; what is open to others is closed. */
final class DataAccess {
    private static final Logger LOG = LoggerFactory.getLogger(DataAccess.class);

    private static final int OTHERS = 077;
    /** On the directory itself and {@code mounts}, where others may pass through and no more. */
    private static final int OTHERS_BUT_PASSING = 066;

    private final Layout layout;

    DataAccess(Layout layout) {
        this.layout = layout;
    }

    /** @throws StoreException IO if another user owns the directory or something in it */
    void requireOwner() throws IOException {
        requireOwner(layout.data());
        for (Path entry : entries()) {
            if (!isForeign(entry)) {
                requireOwner(entry);
            }
        }
    }

    private void requireOwner(Path path) throws IOException {
        int owner = stat(path).uid();
        int self = Host.userId();
        if (owner != self) {
            throw DataDirectory.refused(
                    layout,
                    "cannot be trusted: " + path + " belongs to user " + owner + " and the server runs as " + self
                            + ", so another could change what runs see",
                    "if its content can be trusted, chown -R it to " + self
                            + "; else choose another directory with --data");
        }
    }

    /** @throws StoreException IO if it holds more than a directory that was never used may */
    void requireNothingElse() throws IOException {
        if (Files.exists(layout.poolNotMounted())) {
            throw DataDirectory.refused(
                    layout,
                    "has a pool that is not mounted",
                    "mount it: contree pool mount --data " + layout.data() + "; contree pool create --fstab, and the"
                            + " machine does so when it starts");
        }
        for (Path entry : entries()) {
            boolean harmless = isForeign(entry)
                    || layout.beforeFirstUse().contains(entry)
                    || (Files.isDirectory(entry) && isEmpty(entry));
            if (!harmless) {
                throw DataDirectory.refused(
                        layout,
                        "is not empty (there is " + entry.getFileName()
                                + ") and has no file \"format\" that says it is contree's",
                        "choose an empty directory with --data; if it is contree's data and that file was lost, write"
                                + " the line \"contree data 1\" to it");
            }
        }
    }

    /** Takes from others all access beyond passing through, and logs it. */
    void closeToOthers() throws IOException {
        List<String> mended = new ArrayList<>();
        mend(layout.data(), OTHERS_BUT_PASSING, mended);
        for (Path entry : entries()) {
            if (!isForeign(entry) && !entry.equals(layout.skeleton().directory())) {
                mend(entry, entry.equals(layout.mounts()) ? OTHERS_BUT_PASSING : OTHERS, mended);
            }
        }
        if (!mended.isEmpty()) {
            LOG.warn(
                    "the data directory {} was open to others; they may no longer read or write: {}",
                    layout.data(),
                    String.join(", ", mended));
        }
    }

    private void mend(Path path, int forbidden, List<String> mended) throws IOException {
        Stat stat = stat(path);
        if ((stat.mode() & forbidden) != 0 && !stat.isSymlink()) {
            FileCalls.chmod(Fd.CWD, raw(path), stat.mode() & 07777 & ~forbidden);
            mended.add(
                    path.equals(layout.data())
                            ? "the directory itself"
                            : path.getFileName().toString());
        }
    }

    /** The directory of the file system's checker is not ours. */
    private static boolean isForeign(Path entry) {
        return entry.getFileName().toString().equals("lost+found");
    }

    private Stat stat(Path path) throws IOException {
        return FileCalls.stat(Fd.CWD, raw(path));
    }

    /** The directory itself may be reached through a link; links in it are not followed. */
    private String raw(Path path) throws IOException {
        return RawPath.of(path.equals(layout.data()) ? path.toRealPath() : path).raw();
    }

    private List<Path> entries() throws IOException {
        try (Stream<Path> entries = Files.list(layout.data())) {
            return entries.sorted().toList();
        }
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.findAny().isEmpty();
        }
    }
}
