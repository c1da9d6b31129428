package io.contree.store.oci.image;

import io.contree.store.StoreException;
import io.contree.store.StoreException.Kind;
import io.contree.store.oci.limit.ImportLimits;
import java.io.IOException;
import tools.jackson.databind.JsonNode;

/** Finds the one image manifest that a document stands for: itself, or an index's one for this machine. */
public final class ManifestResolver {
    private static final int DEEPEST_INDEX = 3;

    private final Documents documents;
    private final Platform machine;
    private final ImportLimits limits;

    /** Fetches a manifest or index that an index names, its digest and size verified. */
    public interface Documents {
        Document fetch(Descriptor descriptor) throws IOException, InterruptedException;
    }

    /**
     * A manifest or index of whatever kind.
     *
     * @param mediaType as its holder declares it; empty if it does not
     * @param what names it in errors
     */
    public record Document(String mediaType, JsonNode root, String what) {}

    public ManifestResolver(Documents documents, Platform machine, ImportLimits limits) {
        this.documents = documents;
        this.machine = machine;
        this.limits = limits;
    }

    /**
     * The manifest for this machine.
     *
     * @throws StoreException INVALID
     */
    public ImageManifest resolve(Document start) throws IOException, InterruptedException {
        Document document = start;
        for (int depth = 0; depth <= DEEPEST_INDEX; depth++) {
            JsonNode root = document.root();
            if (!isIndex(document, root)) {
                return ImageManifest.of(root, document.what(), limits);
            }
            document =
                    documents.fetch(ImageIndex.of(root, document.what(), limits).select(machine, document.what()));
        }
        throw new StoreException(Kind.INVALID, start.what() + " has indexes within indexes within indexes.");
    }

    /** Decides by the media type and refuses a document that could be read both ways (CVE-2021-41190). */
    private static boolean isIndex(Document document, JsonNode root) {
        boolean layers = root.has("layers") || root.has("config") || root.has("fsLayers");
        boolean manifests = root.has("manifests");
        if (layers && manifests) {
            throw new StoreException(
                    Kind.INVALID,
                    document.what() + " is ambiguous: it has both layers and manifests, so it is refused.");
        }
        String type = type(document, root);
        if (MediaTypes.isSchema1(type) || root.has("fsLayers")) {
            throw new StoreException(
                    Kind.INVALID,
                    document.what()
                            + " is in Docker's obsolete schema 1 format. Push the image again with a newer tool.");
        }
        if (MediaTypes.isIndex(type) ? layers : MediaTypes.isManifest(type) && manifests) {
            throw new StoreException(
                    Kind.INVALID, document.what() + " is not of the type that it claims: " + type + ".");
        }
        if (type.isEmpty() || MediaTypes.isIndex(type) || MediaTypes.isManifest(type)) {
            return type.isEmpty() ? manifests : MediaTypes.isIndex(type);
        }
        throw new StoreException(
                Kind.INVALID, document.what() + " is not a container image but \"" + Json.shortened(type) + "\".");
    }

    private static String type(Document document, JsonNode root) {
        String outer = document.mediaType();
        String inner = Json.text(root, "mediaType").orElse("");
        // Plain web servers and some proxies know nothing better.
        boolean silent = outer.isEmpty()
                || outer.equals("application/json")
                || outer.equals("text/plain")
                || outer.equals("application/octet-stream");
        if (!silent && !inner.isEmpty() && !outer.equals(inner)) {
            throw new StoreException(
                    Kind.INVALID,
                    document.what() + " is ambiguous: it is sent as \"" + Json.shortened(outer)
                            + "\" and calls itself \"" + Json.shortened(inner) + "\".");
        }
        return silent ? inner : outer;
    }
}
