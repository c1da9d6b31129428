package io.contree.store.disk;

import io.contree.linux.RawPath;
import io.contree.store.Digest;
import io.contree.store.LayerId;
import io.contree.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Where things are in a data directory: no other class of any module joins paths of it (docs/design/format.md, "Disk
 * layout"). What lies below a directory that another module owns is that module's business.
 */
public record Layout(Path data) {
    /** Where one layer is, done or half-made. */
    public record LayerDirectory(Path directory) {
        public Path tree() {
            return directory.resolve("tree");
        }

        public Path manifest() {
            return directory.resolve("manifest");
        }

        public Path sums() {
            return directory.resolve("sums");
        }

        /** Its own links to the contents that it shares with other layers. */
        public Path contents() {
            return directory.resolve("contents");
        }

        /** Its own link to one of them. */
        public Path content(Digest content) {
            return contents().resolve(content.hex());
        }
    }

    /** Where one checkout is: what it writes and, elsewhere, where it is mounted. */
    public record CheckoutDirectory(Path directory, Path root) {
        public Path upper() {
            return directory.resolve("upper");
        }

        public Path work() {
            return directory.resolve("work");
        }

        /** Where overlayfs keeps the files of lower layers that have several names, once a run changes one. */
        public Path index() {
            return work().resolve("index");
        }
    }

    /**
     * Refuses a directory with the names of a data directory.
     *
     * @param path of the directory, for the error
     * @throws StoreException INVALID
     */
    public static void requireNoServerData(List<String> names, RawPath path) {
        if (names.containsAll(List.of("format", "layers", "checkouts", "files"))) {
            throw new StoreException(
                    StoreException.Kind.INVALID,
                    "\"" + (path.isEmpty() ? "." : path)
                            + "\" of the directory holds the data of a contree server, which is never imported");
        }
    }

    /** Which layer one of its files belongs to, for messages that must not reveal where it is. */
    public static Path layerOf(Path file) {
        return file.getName(Math.max(0, file.getNameCount() - 2));
    }

    /** The layout with this directory of mounts; empty if none has its mounts under this name. */
    public static Optional<Layout> ofMounts(Path mounts) {
        return Optional.ofNullable(mounts.getParent())
                .map(Layout::new)
                .filter(layout -> layout.mounts().equals(mounts));
    }

    /** What may be there before the first use: from an operator, or from a first start that was cut short. */
    Set<Path> beforeFirstUse() {
        return Set.of(
                format(),
                nextFormat(),
                formerLock(),
                lock(),
                removalLock(),
                catalog(),
                catalogFile("-wal"),
                catalogFile("-shm"),
                catalogFile("-journal"),
                sandboxes(),
                profileSaved());
    }

    public Path format() {
        return data.resolve("format");
    }

    /**
     * A sign below the mount of a pool, which is seen while the pool is not mounted. Its first line is the path of the pool's file.
     */
    public Path poolNotMounted() {
        return data.resolve("pool-not-mounted");
    }

    /** What becomes {@link #format} once it is on disk. */
    Path nextFormat() {
        return data.resolve("format.new");
    }

    public Path lock() {
        return data.resolve("server.lock");
    }

    /** Locked by those who read the directory from outside of its server, so that nothing in it is removed meanwhile. */
    public Path removalLock() {
        return data.resolve("removal.lock");
    }

    /** A second lock of earlier versions, which nobody takes any more. */
    public Path formerLock() {
        return data.resolve("lock");
    }

    public Path catalog() {
        return catalogFile("");
    }

    private Path catalogFile(String suffix) {
        return data.resolve("catalog.db" + suffix);
    }

    /** Which catalog the directory has. */
    public Path link() {
        return data.resolve("catalog-link");
    }

    /** What the catalog did not name at a start. */
    public Path setAside() {
        return data.resolve("set-aside");
    }

    public Path layers() {
        return data.resolve("layers");
    }

    public LayerDirectory layer(LayerId id) {
        return new LayerDirectory(layers().resolve(id.toString()));
    }

    /** Where a layer is while it is made. */
    public LayerDirectory draft(LayerId id) {
        return new LayerDirectory(temporary().resolve(id.toString()));
    }

    /** Contents that layers share. */
    public Path contents() {
        return data.resolve("contents");
    }

    /** Where a content that layers share is, which may be missing; empty if none are shared here. */
    public Optional<Path> content(Digest digest) throws IOException {
        if (!Files.isDirectory(contents())) {
            return Optional.empty();
        }
        try (Stream<Path> only = Files.list(contents())) {
            return only.findFirst()
                    .map(directory ->
                            directory.resolve(digest.hex().substring(0, 2)).resolve(digest.hex()));
        }
    }

    public LayerDirectory skeleton() {
        return new LayerDirectory(data.resolve("skeleton"));
    }

    /** Says that no faulty merged layer of an earlier version is left; those versions remove it with the skeleton. */
    public Path mended() {
        return skeleton().directory().resolve("mended");
    }

    /** A directory that stays empty: the second lower that a read-only overlay must have. */
    public Path empty() {
        return data.resolve("empty");
    }

    public Path checkouts() {
        return data.resolve("checkouts");
    }

    public Path mounts() {
        return data.resolve("mounts");
    }

    public CheckoutDirectory checkout(UUID id) {
        return new CheckoutDirectory(checkouts().resolve(id.toString()), mounts().resolve(id.toString()));
    }

    public Path view(UUID id) {
        return mounts().resolve(id.toString());
    }

    /** The engine's: the logs of operations. */
    public Path operations() {
        return data.resolve("operations");
    }

    /** The sandboxes': what they keep between starts. The server's name on the machine follows from its real path. */
    public Path sandboxes() {
        return data.resolve("sandboxes");
    }

    /** Says that a first start saved a profile for clients. */
    public Path profileSaved() {
        return data.resolve("profile-saved");
    }

    /** Blocks that are held back for removing things. */
    Path headroom() {
        return data.resolve("headroom");
    }

    public Path temporary() {
        return data.resolve("tmp");
    }

    public Path files() {
        return data.resolve("files");
    }

    public Path file(Digest digest) {
        return directoryOf(digest).resolve(digest.hex());
    }

    /** Which of the 256 directories of files. */
    public Path directoryOf(Digest digest) {
        return files().resolve(digest.hex().substring(0, 2));
    }
}
