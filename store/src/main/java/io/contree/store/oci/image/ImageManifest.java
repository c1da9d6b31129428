package io.contree.store.oci.image;

import io.contree.store.StoreException;
import io.contree.store.StoreException.Kind;
import io.contree.store.oci.limit.ImportLimits;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** An image manifest: the config and the layers, the lowest first. */
public record ImageManifest(Descriptor config, List<Descriptor> layers) {
    public ImageManifest {
        layers = List.copyOf(layers);
    }

    /**
     * Reads an image manifest.
     *
     * @param what names it in errors
     * @throws StoreException INVALID
     */
    static ImageManifest of(JsonNode root, String what, ImportLimits limits) {
        Descriptor config = Json.descriptor(root.path("config"), "The config in " + what);
        if (!MediaTypes.isConfig(config.mediaType())) {
            throw new StoreException(
                    Kind.INVALID,
                    what + " is not a container image: its config is \"" + Json.shortened(config.mediaType()) + "\".");
        }
        if (config.size() > limits.documentBytes()) {
            throw new StoreException(Kind.INVALID, "The config in " + what + " is too large.");
        }
        JsonNode listed = root.path("layers");
        if (!listed.isArray()) {
            throw new StoreException(Kind.INVALID, what + " has no list of layers.");
        }
        if (listed.size() > limits.layers()) {
            throw new StoreException(
                    Kind.INVALID,
                    what + " has " + listed.size() + " layers, more than the limit of " + limits.layers() + ".");
        }
        List<Descriptor> layers = new ArrayList<>();
        for (JsonNode layer : listed) {
            layers.add(layer(layer, "Layer " + (layers.size() + 1) + " in " + what, limits));
        }
        return new ImageManifest(config, layers);
    }

    private static Descriptor layer(JsonNode node, String what, ImportLimits limits) {
        String type = Json.text(node, "mediaType").orElse("");
        if (MediaTypes.isForeignLayer(type)) {
            throw new StoreException(
                    Kind.INVALID,
                    what + " is a foreign layer, to be fetched from elsewhere: contree does not do that.");
        }
        if (!MediaTypes.isLayer(type)) {
            throw new StoreException(Kind.INVALID, what + " has the unknown type \"" + Json.shortened(type) + "\".");
        }
        Descriptor layer = Json.descriptor(node, what);
        if (layer.size() > limits.blobBytes()) {
            throw new StoreException(
                    Kind.INVALID,
                    what + " has " + layer.size() + " bytes, more than the limit of " + limits.blobBytes() + ".");
        }
        return layer;
    }
}
