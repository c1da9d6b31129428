package io.contree.store.oci.local;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.FileSystemPlace;
import io.contree.linux.Stat;
import io.contree.store.StoreException;
import io.contree.store.StoreException.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The server's data directory, which no import may read: it holds everybody's data, and a process that opens and closes a
 * locked file again loses its POSIX locks on it. It is recognised by device and inode, as is everything directly in it,
 * and by its place in its file system: so neither links nor mounts lead to it by another name.
 */
public final class OwnData {
    private final Set<Inode> inodes = new HashSet<>();
    private final Path path;
    private final Optional<FileSystemPlace> place;

    /** A file's identity on this machine. */
    public record Inode(long device, long number) {
        public static Inode of(Stat stat) {
            return new Inode(stat.device(), stat.inode());
        }
    }

    private OwnData(Path path, Fd directory) throws IOException {
        this.path = path;
        place = FileSystemPlace.of(directory);
        inodes.add(Inode.of(FileCalls.stat(directory, "")));
        for (FileCalls.Entry entry : FileCalls.list(directory)) {
            FileCalls.statIfPresent(directory, entry.name()).ifPresent(stat -> inodes.add(Inode.of(stat)));
        }
    }

    /** The data directory as it is now. */
    public static OwnData of(Path data) throws IOException {
        Path real = data.toRealPath();
        try (Fd directory = FileCalls.open(real, FileCalls.READ | FileCalls.DIRECTORY)) {
            return new OwnData(real, directory);
        }
    }

    /**
     * Returns normally if what is open is not part of the data directory.
     *
     * @param what names it in errors
     * @throws StoreException INVALID
     */
    public void check(Fd open, String what) throws IOException {
        check(FileCalls.stat(open, ""), what);
        Optional<FileSystemPlace> found = FileSystemPlace.of(open);
        boolean within = found.isEmpty()
                || found.get().name().startsWith(path)
                || (place.isPresent() && found.get().isWithin(place.get()));
        if (within) {
            throw refused(what);
        }
    }

    /** As above, by identity alone: for what is found by a walk that began outside the data directory. */
    public void check(Stat stat, String what) {
        if (inodes.contains(Inode.of(stat))) {
            throw refused(what);
        }
    }

    private static StoreException refused(String what) {
        return new StoreException(
                Kind.INVALID,
                "Tried to import from " + what
                        + ", which is, contains or lies in the data of this server: that is never imported. Choose a"
                        + " directory outside it.");
    }
}
