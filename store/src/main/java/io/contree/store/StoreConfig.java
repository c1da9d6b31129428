package io.contree.store;

import io.contree.linux.IdMapping;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Settings of a store.
 *
 * @param data the data directory, made when missing
 * @param mapping ids of checkouts; empty runs without user namespace
 * @param allowPrivateRegistries whether a registry may be on a private or link-local address; loopback always may
 * @param localImportRoots directories of this machine below which imports may read
 */
public record StoreConfig(
        Path data, Optional<IdMapping> mapping, boolean allowPrivateRegistries, List<Path> localImportRoots) {
    public StoreConfig {
        localImportRoots = List.copyOf(localImportRoots);
    }

    /** As above, without imports from this machine. */
    public StoreConfig(Path data, Optional<IdMapping> mapping, boolean allowPrivateRegistries) {
        this(data, mapping, allowPrivateRegistries, List.of());
    }
}
