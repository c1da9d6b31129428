package io.contree.store.oci.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.store.Digest;
import io.contree.store.StoreException;
import io.contree.store.oci.limit.ImportLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestResolverTest {
    private static final Platform MACHINE = new Platform("linux", "arm64", "");
    private static final String CONFIG_TYPE = "application/vnd.oci.image.config.v1+json";
    private static final String LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar+gzip";

    private final Map<String, String> blobs = new HashMap<>();

    private static String digest(String content) {
        return Digest.ofContent(content.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private static String descriptor(String type, String digest, String more) {
        return "{\"mediaType\":\"" + type + "\",\"digest\":\"" + digest + "\",\"size\":7" + more + "}";
    }

    private static String manifest(String name, String layerType) {
        return "{\"schemaVersion\":2,\"config\":" + descriptor(CONFIG_TYPE, digest(name), "") + ",\"layers\":["
                + descriptor(layerType, digest("layer"), ",\"urls\":[\"https://elsewhere.example/\"]") + "]}";
    }

    private static String index(List<String> descriptors) {
        return "{\"schemaVersion\":2,\"manifests\":[" + String.join(",", descriptors) + "]}";
    }

    private static ManifestResolver.Document document(String type, String json) {
        return new ManifestResolver.Document(
                type, Json.object(json.getBytes(StandardCharsets.UTF_8), "The manifest"), "The manifest");
    }

    private ImageManifest resolve(String type, String json) throws IOException, InterruptedException {
        ManifestResolver.Documents documents = wanted ->
                document(wanted.mediaType(), blobs.getOrDefault(wanted.digest().toString(), "{}"));
        return new ManifestResolver(documents, MACHINE, ImportLimits.DEFAULT).resolve(document(type, json));
    }

    private void refused(String type, String json, String why) {
        assertThatThrownBy(() -> resolve(type, json))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.INVALID))
                .hasMessageContaining(why);
    }

    /** A manifest kept as a blob, and its descriptor for a platform. */
    private String platform(String architecture, String variant) {
        String manifest = manifest(architecture + variant, LAYER_TYPE);
        blobs.put(digest(manifest), manifest);
        return descriptor(
                MediaTypes.OCI_MANIFEST,
                digest(manifest),
                ",\"platform\":{\"os\":\"linux\",\"architecture\":\"" + architecture + "\",\"variant\":\"" + variant
                        + "\"}");
    }

    private String chosen(List<String> descriptors) throws IOException, InterruptedException {
        return resolve(MediaTypes.OCI_INDEX, index(descriptors))
                .config()
                .digest()
                .toString();
    }

    @Test
    void theManifestOfThisMachineWins() throws Exception {
        List<String> all = new ArrayList<>(List.of(
                platform("amd64", ""), platform("arm64", "v9"), platform("arm64", "v8"), platform("arm", "v7")));
        assertThat(chosen(all)).isEqualTo(digest("arm64v8"));
        assertThat(chosen(all.subList(0, 2))).isEqualTo(digest("arm64v9"));
        refused(MediaTypes.OCI_INDEX, index(all.subList(0, 1)), "it has linux/amd64");
    }

    @Test
    void attestationsAreNoImages() throws Exception {
        String attestation = platform("arm64", "")
                .replaceFirst("}$", ",\"annotations\":{\"vnd.docker.reference.type\":\"attestation-manifest\"}}");
        assertThat(chosen(List.of(attestation, platform("arm64", "v9")))).isEqualTo(digest("arm64v9"));
    }

    @Test
    void whatCouldBeReadInTwoWaysIsRefused() {
        String both = manifest("x", LAYER_TYPE).replaceFirst("}$", ",\"manifests\":[]}");
        for (String type : List.of("", MediaTypes.OCI_INDEX, MediaTypes.OCI_MANIFEST)) {
            refused(type, both, "ambiguous");
        }
        refused(MediaTypes.OCI_INDEX, manifest("x", LAYER_TYPE), "not of the type");
        refused(MediaTypes.OCI_MANIFEST, index(List.of()), "not of the type");
        String calledIndex =
                manifest("x", LAYER_TYPE).replaceFirst("\\{", "{\"mediaType\":\"" + MediaTypes.OCI_INDEX + "\",");
        refused(MediaTypes.OCI_MANIFEST, calledIndex, "ambiguous");
        assertThatThrownBy(() -> document("", "{\"layers\":[],\"layers\":[1]}")).hasMessageContaining("not valid JSON");
        assertThatThrownBy(() -> document("", "{} {}")).hasMessageContaining("not valid JSON");
    }

    @Test
    void layersFromElsewhereAndOfUnknownTypesAreRefused() {
        refused("", manifest("x", "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"), "foreign layer");
        refused("", manifest("x", "application/vnd.oci.image.layer.nondistributable.v1.tar"), "foreign layer");
        refused("", manifest("x", "text/html"), "unknown type");
        refused("", manifest("x", LAYER_TYPE).replace(CONFIG_TYPE, "application/vnd.helm"), "not a container image");
        refused("application/vnd.docker.distribution.manifest.v1+prettyjws", "{\"fsLayers\":[]}", "schema 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sha256:../../x", "sha256:abc", "md5:d41d8cd98f00b204e9800998ecf8427e", "", "sha512:00"})
    void invalidDigestsAreRefused(String digest) {
        refused("", manifest("x", LAYER_TYPE).replace(digest("layer"), digest), "no valid sha256 digest");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1.5", "\"7\"", "99999999999999999999", "null", "68719476737"})
    void sizesThatCannotBe(String size) {
        assertThatThrownBy(
                        () -> resolve("", manifest("x", LAYER_TYPE).replace("\"size\":7,", "\"size\":" + size + ",")))
                .isInstanceOf(StoreException.class);
    }

    @Test
    void indexesWithinIndexesEnd() {
        String inner = index(List.of(descriptor(MediaTypes.OCI_INDEX, digest("loop"), "")));
        blobs.put(digest("loop"), inner);
        refused(MediaTypes.OCI_INDEX, inner, "indexes within indexes");
    }
}
