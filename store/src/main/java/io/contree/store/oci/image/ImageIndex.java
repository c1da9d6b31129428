package io.contree.store.oci.image;

import io.contree.store.StoreException;
import io.contree.store.StoreException.Kind;
import io.contree.store.oci.limit.ImportLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** An index (OCI) or manifest list (Docker): manifests of one image for several platforms. */
public record ImageIndex(List<Entry> entries) {
    private static final String REF_NAME = "org.opencontainers.image.ref.name";

    /** One manifest. */
    public record Entry(Descriptor descriptor, Optional<Platform> platform, Optional<String> refName) {
        boolean runsOn(Platform machine) {
            return platform.map(p -> machine.distance(p) >= 0).orElse(true);
        }
    }

    public ImageIndex {
        entries = List.copyOf(entries);
    }

    public static ImageIndex of(JsonNode root, String what, ImportLimits limits) {
        JsonNode listed = root.path("manifests");
        if (!listed.isArray()) {
            throw new StoreException(Kind.INVALID, what + " has no list of manifests.");
        }
        List<Entry> entries = new ArrayList<>();
        for (JsonNode node : listed) {
            // Attestations are listed in an index as if they were images.
            if (node.path("annotations").has("vnd.docker.reference.type")) {
                continue;
            }
            Descriptor descriptor = Json.descriptor(node, "Manifest " + (entries.size() + 1) + " in " + what);
            if (descriptor.size() > limits.documentBytes()) {
                throw new StoreException(Kind.INVALID, "A manifest in " + what + " is too large.");
            }
            entries.add(new Entry(
                    descriptor, platform(node.path("platform")), Json.text(node.path("annotations"), REF_NAME)));
        }
        return new ImageIndex(entries);
    }

    private static Optional<Platform> platform(JsonNode node) {
        if (!node.isObject()) {
            return Optional.empty();
        }
        return Optional.of(new Platform(
                Json.text(node, "os").orElse(""),
                Json.text(node, "architecture").orElse(""),
                Json.text(node, "variant").orElse("")));
    }

    /**
     * The manifest for a platform: the nearest variant, the first among equals; one without a platform only if there is
     * no other choice.
     *
     * @throws StoreException INVALID, saying what there is instead
     */
    public Descriptor select(Platform machine, String what) {
        Optional<Entry> best = Optional.empty();
        for (Entry entry : entries) {
            if (entry.runsOn(machine)
                    && best.map(b -> cost(entry, machine) < cost(b, machine)).orElse(true)) {
                best = Optional.of(entry);
            }
        }
        return best.map(Entry::descriptor)
                .orElseThrow(() -> new StoreException(
                        Kind.INVALID, what + " has no image for " + machine + "; it has " + platforms() + "."));
    }

    private static long cost(Entry entry, Platform machine) {
        return entry.platform().map(p -> (long) machine.distance(p)).orElse(Long.MAX_VALUE);
    }

    private String platforms() {
        return entries.isEmpty()
                ? "none"
                : Json.shortened(entries.stream()
                        .map(e -> e.platform().map(Platform::toString).orElse("one for an unknown platform"))
                        .collect(Collectors.joining(", ")));
    }
}
