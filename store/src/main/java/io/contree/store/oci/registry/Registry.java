package io.contree.store.oci.registry;

import io.contree.store.oci.image.Descriptor;
import io.contree.store.oci.image.ManifestResolver;
import java.io.IOException;
import java.nio.file.Path;

/**
 * One repository of a registry, to read from. Failures that the registry is to blame for are {@code StoreException}s of
 * kind REGISTRY that say why. Safe for use by several threads.
 *
 * <p>Our own rather than a library's: what there is for Java either has no control over redirects, realms, addresses
 * and sizes, or brings 24 MB along.
 */
public interface Registry extends AutoCloseable {
    /**
     * The manifest or index under a tag or digest, its digest verified when asked for by digest.
     *
     * @param selector a tag or {@code sha256:…}
     */
    ManifestResolver.Document manifest(String selector) throws IOException, InterruptedException;

    /** A small blob, verified. */
    byte[] document(Descriptor blob) throws IOException, InterruptedException;

    /** Downloads a blob into a new file, verified; on failure there is no file. */
    void download(Descriptor blob, Path file) throws IOException, InterruptedException;

    @Override
    void close();
}
