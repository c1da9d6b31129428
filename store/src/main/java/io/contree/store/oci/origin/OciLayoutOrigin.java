package io.contree.store.oci.origin;

import io.contree.store.StoreException;
import io.contree.store.StoreException.Kind;
import io.contree.store.oci.image.Descriptor;
import io.contree.store.oci.image.ImageConfig;
import io.contree.store.oci.image.ImageIndex;
import io.contree.store.oci.image.ImageManifest;
import io.contree.store.oci.image.Json;
import io.contree.store.oci.image.ManifestResolver;
import io.contree.store.oci.image.Platform;
import io.contree.store.oci.limit.ImportLimits;
import io.contree.store.oci.reference.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** An image in an OCI image layout (specification 1.1, "Image Layout"), a directory or a tar. */
public final class OciLayoutOrigin implements ImageOrigin {
    private final LayoutFiles files;
    private final Reference reference;
    private final ImportLimits limits;
    private final ImageManifest manifest;
    private final ImageConfig config;

    private OciLayoutOrigin(
            LayoutFiles files, Reference reference, Optional<String> tag, Platform machine, ImportLimits limits)
            throws IOException, InterruptedException {
        this.files = files;
        this.reference = reference;
        this.limits = limits;
        String what = "index.json of " + reference;
        byte[] index = files.document("index.json", limits.documentBytes(), what);
        ImageIndex tagged = tagged(ImageIndex.of(Json.object(index, what), what, limits), tag);
        ManifestResolver resolver = new ManifestResolver(this::document, machine, limits);
        manifest = resolver.resolve(document(tagged.select(machine, reference.toString())));
        byte[] document = verified(manifest.config(), "The config of " + reference);
        config = ImageConfig.parse(document, manifest.layers().size(), "The config of " + reference);
    }

    /** Opens a layout; {@code files} is then closed with the origin, or at once on failure. */
    public static OciLayoutOrigin open(
            LayoutFiles files, Reference reference, Optional<String> tag, Platform machine, ImportLimits limits)
            throws IOException, InterruptedException {
        boolean opened = false;
        try {
            OciLayoutOrigin origin = new OciLayoutOrigin(files, reference, tag, machine, limits);
            opened = true;
            return origin;
        } finally {
            if (!opened) {
                files.close();
            }
        }
    }

    private ImageIndex tagged(ImageIndex index, Optional<String> wanted) {
        List<String> names = index.entries().stream()
                .flatMap(entry -> entry.refName().stream())
                .distinct()
                .toList();
        if (wanted.isEmpty() && names.size() <= 1) {
            return index;
        }
        List<ImageIndex.Entry> entries = index.entries().stream()
                .filter(entry -> wanted.isPresent() && entry.refName().equals(wanted))
                .toList();
        if (entries.isEmpty()) {
            String tags = names.isEmpty()
                    ? "none"
                    : Json.shortened(names.stream().sorted().collect(Collectors.joining(", ")));
            throw new StoreException(
                    Kind.INVALID,
                    wanted.map(tag -> "There is no image tagged \"" + tag + "\" in " + reference)
                                    .orElse("There are several images in " + reference
                                            + ": add a colon and one of its tags")
                            + "; its tags are: " + tags + ".");
        }
        return new ImageIndex(entries);
    }

    private ManifestResolver.Document document(Descriptor descriptor) throws IOException {
        String what = "The manifest " + descriptor.digest() + " of " + reference;
        return new ManifestResolver.Document(
                descriptor.mediaType(), Json.object(verified(descriptor, what), what), what);
    }

    private byte[] verified(Descriptor descriptor, String what) throws IOException {
        byte[] bytes = files.document(blob(descriptor), limits.documentBytes(), what);
        if (!descriptor.names(bytes)) {
            throw new StoreException(Kind.INVALID, what + " does not match its digest and size.");
        }
        return bytes;
    }

    private static String blob(Descriptor descriptor) {
        return "blobs/sha256/" + descriptor.digest().hex();
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
    public FetchedLayer fetch(int layer) {
        Descriptor descriptor = manifest.layers().get(layer);
        return new FetchedLayer() {
            @Override
            public InputStream open() throws IOException {
                return new VerifyingStream(files.open(blob(descriptor)), descriptor);
            }

            @Override
            public long size() {
                return descriptor.size();
            }
        };
    }

    @Override
    public void close() {
        files.close();
    }
}
