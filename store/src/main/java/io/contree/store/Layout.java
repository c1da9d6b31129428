package io.contree.store;

import io.contree.linux.RawPath;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/** Where things are in a data directory: no other class joins paths of it (docs/design/format.md, "Disk layout"). */
record Layout(Path data) {
    /** Where one layer is, done or half-made. */
    record LayerDirectory(Path directory) {
        Path tree() {
            return directory.resolve("tree");
        }

        Path manifest() {
            return directory.resolve("manifest");
        }

        Path sums() {
            return directory.resolve("sums");
        }
    }

    /** Where one checkout is: what it writes and, apart from that, where it is mounted. */
    record CheckoutDirectory(Path directory, Path root) {
        Path upper() {
            return directory.resolve("upper");
        }

        Path work() {
            return directory.resolve("work");
        }
    }

    /**
     * Returns if a directory with these names is no data directory.
     *
     * @param path of the directory, raw, for the error
     * @throws StoreException INVALID
     */
    static void requireNoServerData(List<String> names, String path) {
        if (names.containsAll(List.of("format", "layers", "checkouts", "files"))) {
            throw new StoreException(
                    StoreException.Kind.INVALID,
                    "\"" + RawPath.toText(path.isEmpty() ? "." : path)
                            + "\" of the directory holds the data of a contree server, which are never imported");
        }
    }

    /** Which layer one of its files belongs to, for messages that must not tell where it is. */
    static Path layerOf(Path file) {
        return file.getName(Math.max(0, file.getNameCount() - 2));
    }

    Path format() {
        return data.resolve("format");
    }

    Path lock() {
        return data.resolve("server.lock");
    }

    /** A second lock of earlier versions, which nobody takes any more. */
    Path formerLock() {
        return data.resolve("lock");
    }

    Path catalog() {
        return data.resolve("catalog.db");
    }

    /** Which catalog the directory has. */
    Path link() {
        return data.resolve("catalog-link");
    }

    /** What the catalog did not name at a start. */
    Path setAside() {
        return data.resolve("set-aside");
    }

    Path layers() {
        return data.resolve("layers");
    }

    LayerDirectory layer(LayerId id) {
        return new LayerDirectory(layers().resolve(id.toString()));
    }

    /** Where a layer is while it is made. */
    LayerDirectory draft(LayerId id) {
        return new LayerDirectory(temporary().resolve(id.toString()));
    }

    LayerDirectory skeleton() {
        return new LayerDirectory(data.resolve("skeleton"));
    }

    /** Says that no merged layer is left that an earlier version made wrongly; it goes with the skeleton, which they make anew. */
    Path mended() {
        return skeleton().directory().resolve("mended");
    }

    /** A directory that stays empty: the second lower that a read-only overlay must have. */
    Path empty() {
        return data.resolve("empty");
    }

    Path checkouts() {
        return data.resolve("checkouts");
    }

    Path mounts() {
        return data.resolve("mounts");
    }

    CheckoutDirectory checkout(UUID id) {
        return new CheckoutDirectory(checkouts().resolve(id.toString()), mounts().resolve(id.toString()));
    }

    Path view(UUID id) {
        return mounts().resolve(id.toString());
    }

    Path temporary() {
        return data.resolve("tmp");
    }

    Path files() {
        return data.resolve("files");
    }

    Path file(Digest digest) {
        return directoryOf(digest).resolve(digest.hex());
    }

    /** Which of the 256 directories of files. */
    Path directoryOf(Digest digest) {
        return files().resolve(digest.hex().substring(0, 2));
    }
}
