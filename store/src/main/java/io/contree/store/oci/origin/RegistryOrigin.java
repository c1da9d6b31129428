package io.contree.store.oci.origin;

import io.contree.store.oci.image.Descriptor;
import io.contree.store.oci.image.ImageConfig;
import io.contree.store.oci.image.ImageManifest;
import io.contree.store.oci.image.ManifestResolver;
import io.contree.store.oci.image.Platform;
import io.contree.store.oci.limit.ImportLimits;
import io.contree.store.oci.reference.Reference;
import io.contree.store.oci.registry.Registry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** An image in a registry. Its layers are downloaded into a directory that belongs to the import. */
public final class RegistryOrigin implements ImageOrigin {
    private final Registry registry;
    private final Path directory;
    private final ImageManifest manifest;
    private final ImageConfig config;

    private RegistryOrigin(Registry registry, Path directory, ImageManifest manifest, ImageConfig config) {
        this.registry = registry;
        this.directory = directory;
        this.manifest = manifest;
        this.config = config;
    }

    /** Finds the image; {@code registry} is then closed with the origin, but stays open on failure. */
    public static RegistryOrigin open(
            Registry registry, Reference.Remote image, Path directory, Platform machine, ImportLimits limits)
            throws IOException, InterruptedException {
        ManifestResolver resolver = new ManifestResolver(
                descriptor -> registry.manifest(descriptor.digest().toString()), machine, limits);
        ImageManifest manifest = resolver.resolve(registry.manifest(image.selector()));
        byte[] document = registry.document(manifest.config());
        return new RegistryOrigin(
                registry,
                directory,
                manifest,
                ImageConfig.parse(document, manifest.layers().size(), "The config of " + image));
    }

    @Override
    public ImageConfig config() {
        return config;
    }

    @Override
    public String layerName(int layer) {
        return manifest.layers().get(layer).digest().toString();
    }

    @Override
    public FetchedLayer fetch(int layer) throws IOException, InterruptedException {
        Descriptor blob = manifest.layers().get(layer);
        Path file = directory.resolve("layer-" + layer);
        registry.download(blob, file);
        return new FetchedLayer() {
            @Override
            public InputStream open() throws IOException {
                return Files.newInputStream(file);
            }

            @Override
            public long size() {
                return blob.size();
            }

            @Override
            public void close() {
                try {
                    Files.deleteIfExists(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }

    @Override
    public void close() {
        registry.close();
    }
}
