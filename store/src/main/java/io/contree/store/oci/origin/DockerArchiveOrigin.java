package io.contree.store.oci.origin;

import io.contree.store.StoreException;
import io.contree.store.StoreException.Kind;
import io.contree.store.oci.image.ImageConfig;
import io.contree.store.oci.image.Json;
import io.contree.store.oci.limit.ImportLimits;
import io.contree.store.oci.reference.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** An image in a tar of {@code docker save}: {@code manifest.json} names a config and layer tars in the same archive. */
public final class DockerArchiveOrigin implements ImageOrigin {
    private final ArchiveMembers members;
    private final List<String> layers = new ArrayList<>();
    private final ImageConfig config;

    private DockerArchiveOrigin(ArchiveMembers members, Reference.DockerArchive reference, ImportLimits limits)
            throws IOException {
        this.members = members;
        String what = "manifest.json of " + reference;
        JsonNode image = select(Json.array(document("manifest.json", limits), what), reference);
        for (JsonNode layer : image.path("Layers")) {
            layers.add(layer.isString() ? layer.stringValue() : "");
        }
        if (layers.size() > limits.layers()) {
            throw new StoreException(
                    Kind.INVALID, what + " has more layers than the limit of " + limits.layers() + ".");
        }
        String name = Json.text(image, "Config").orElse("");
        config = ImageConfig.parse(document(name, limits), layers.size(), "The config of " + reference);
    }

    /** Opens an archive; {@code archive} is then closed with the origin, or at once on failure. */
    public static DockerArchiveOrigin open(FileChannel archive, Reference.DockerArchive reference, ImportLimits limits)
            throws IOException {
        boolean opened = false;
        try {
            DockerArchiveOrigin origin = new DockerArchiveOrigin(ArchiveMembers.index(archive), reference, limits);
            opened = true;
            return origin;
        } finally {
            if (!opened) {
                archive.close();
            }
        }
    }

    private static JsonNode select(JsonNode images, Reference.DockerArchive reference) {
        List<JsonNode> matching = new ArrayList<>();
        for (JsonNode image : images) {
            if (reference.name().map(name -> isNamed(image, name)).orElse(true)) {
                matching.add(image);
            }
        }
        if (matching.size() == 1) {
            return matching.getFirst();
        }
        String names = images.valueStream()
                .flatMap(image -> image.path("RepoTags").valueStream())
                .map(tag -> tag.asString(""))
                .collect(Collectors.joining(", "));
        throw new StoreException(
                Kind.INVALID,
                "There " + (matching.isEmpty() ? "is no such image" : "are several images") + " in " + reference
                        + ". Add a colon and one of: " + Json.shortened(names.isEmpty() ? "(none has a name)" : names)
                        + ".");
    }

    /** Whether one of an image's names is the wanted one: in full, as Docker shortens it, or the tag alone. */
    private static boolean isNamed(JsonNode image, String wanted) {
        return image.path("RepoTags").valueStream().map(tag -> tag.asString("")).anyMatch(name -> {
            return name.equals(wanted)
                    || name.equals(wanted + ":latest")
                    || name.endsWith((wanted.indexOf(':') < 0 ? ":" : "/") + wanted);
        });
    }

    private byte[] document(String name, ImportLimits limits) throws IOException {
        return members.document(name, limits.documentBytes(), Json.shortened(name));
    }

    @Override
    public ImageConfig config() {
        return config;
    }

    @Override
    public String layerName(int layer) {
        return config.diffIds().get(layer).toString();
    }

    @Override
    public FetchedLayer fetch(int layer) throws IOException {
        String name = layers.get(layer);
        long size = members.size(name);
        return new FetchedLayer() {
            @Override
            public InputStream open() throws IOException {
                return members.open(name);
            }

            @Override
            public long size() {
                return size;
            }
        };
    }

    @Override
    public void close() {
        members.close();
    }
}
