package io.contree.store.oci.image;

import java.util.Locale;
import java.util.Set;

/** Media types of OCI image specification 1.1 and of Docker's manifest version 2, schema 2. */
public final class MediaTypes {
    static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";
    public static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    static final String DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
    static final String DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";

    private static final String DOCKER_SCHEMA_1 = "application/vnd.docker.distribution.manifest.v1";
    private static final Set<String> CONFIGS =
            Set.of("application/vnd.oci.image.config.v1+json", "application/vnd.docker.container.image.v1+json");
    private static final Set<String> LAYERS = Set.of(
            "application/vnd.oci.image.layer.v1.tar",
            "application/vnd.oci.image.layer.v1.tar+gzip",
            "application/vnd.oci.image.layer.v1.tar+zstd",
            "application/vnd.docker.image.rootfs.diff.tar",
            "application/vnd.docker.image.rootfs.diff.tar.gzip",
            "application/vnd.docker.image.rootfs.diff.tar.zstd");

    private MediaTypes() {}

    /** The types that manifests may have, for the Accept header. */
    public static String accepted() {
        return String.join(", ", OCI_INDEX, OCI_MANIFEST, DOCKER_LIST, DOCKER_MANIFEST);
    }

    static boolean isIndex(String type) {
        return type.equals(OCI_INDEX) || type.equals(DOCKER_LIST);
    }

    static boolean isManifest(String type) {
        return type.equals(OCI_MANIFEST) || type.equals(DOCKER_MANIFEST);
    }

    static boolean isSchema1(String type) {
        return type.startsWith(DOCKER_SCHEMA_1);
    }

    static boolean isConfig(String type) {
        return CONFIGS.contains(type);
    }

    static boolean isLayer(String type) {
        return LAYERS.contains(type);
    }

    /** Layers that must be fetched from elsewhere, by URLs in the manifest: never done. */
    static boolean isForeignLayer(String type) {
        return type.contains(".foreign.") || type.contains(".nondistributable.");
    }

    /** The bare type in a Content-Type header, in lower case. */
    public static String ofHeader(String contentType) {
        int semicolon = contentType.indexOf(';');
        return (semicolon < 0 ? contentType : contentType.substring(0, semicolon))
                .strip()
                .toLowerCase(Locale.ROOT);
    }
}
