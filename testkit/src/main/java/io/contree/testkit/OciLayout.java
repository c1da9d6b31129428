package io.contree.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;

/**
 * Writes image layouts of the OCI image specification 1.1 (image-layout.md) from layers given as tars: input for
 * imports and for {@link Skopeo}.
 */
public final class OciLayout {
    private static final String MEDIA_TYPE = "application/vnd.oci.image.";
    private static final String ARCHITECTURE = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";

    private final Path directory;

    private OciLayout(Path directory) {
        this.directory = directory;
    }

    /** A blob by its digest ({@code sha256:...}) and size. */
    record Blob(String digest, long size) {
        String descriptor(String mediaType, String more) {
            return "{\"mediaType\":\"" + MEDIA_TYPE + mediaType + "\",\"digest\":\"" + digest + "\",\"size\":" + size
                    + more + "}";
        }
    }

    /**
     * Writes a layout with one image.
     *
     * @param directory to be made
     * @param tag its {@code org.opencontainers.image.ref.name}
     * @param layerTars uncompressed, the lowest first; the layout holds them compressed
     * @param env entries {@code NAME=value} of the image's config
     */
    public static Path write(Path directory, String tag, List<Path> layerTars, List<String> env) throws IOException {
        Files.createDirectories(directory.resolve("blobs/sha256"));
        OciLayout layout = new OciLayout(directory);
        List<Blob> layers = new ArrayList<>();
        List<String> diffIds = new ArrayList<>();
        for (Path tar : layerTars) {
            diffIds.add(quoted("sha256:" + digestOf(tar)));
            layers.add(layout.compressed(tar));
        }
        Blob config = layout.text(config(diffIds, env));
        Blob manifest = layout.text(manifest(config, layers));
        String named = ",\"annotations\":{\"org.opencontainers.image.ref.name\":" + quoted(tag) + "}"
                + ",\"platform\":{\"os\":\"linux\",\"architecture\":\"" + ARCHITECTURE + "\"}";
        Files.writeString(
                directory.resolve("index.json"),
                "{\"schemaVersion\":2,\"manifests\":[" + manifest.descriptor("manifest.v1+json", named) + "]}");
        Files.writeString(directory.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
        return directory;
    }

    private static String config(List<String> diffIds, List<String> env) {
        String variables = env.stream().map(OciLayout::quoted).collect(Collectors.joining(","));
        return "{\"architecture\":\"" + ARCHITECTURE + "\",\"os\":\"linux\",\"config\":{\"Env\":[" + variables
                + "],\"Cmd\":[\"/bin/sh\"]},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":["
                + String.join(",", diffIds) + "]}}";
    }

    private static String manifest(Blob config, List<Blob> layers) {
        String descriptors = layers.stream()
                .map(layer -> layer.descriptor("layer.v1.tar+gzip", ""))
                .collect(Collectors.joining(","));
        return "{\"schemaVersion\":2,\"mediaType\":\"" + MEDIA_TYPE + "manifest.v1+json\",\"config\":"
                + config.descriptor("config.v1+json", "") + ",\"layers\":[" + descriptors + "]}";
    }

    private Blob text(String content) throws IOException {
        return blob(sink -> sink.write(content.getBytes(StandardCharsets.UTF_8)));
    }

    private Blob compressed(Path tar) throws IOException {
        return blob(sink -> {
            try (OutputStream gzip = new GZIPOutputStream(sink)) {
                Files.copy(tar, gzip);
            }
        });
    }

    private interface Content {
        void writeTo(OutputStream sink) throws IOException;
    }

    private Blob blob(Content content) throws IOException {
        Path fresh = Files.createTempFile(directory, "blob", "");
        MessageDigest digest = sha256();
        try (OutputStream sink = new DigestOutputStream(Files.newOutputStream(fresh), digest)) {
            content.writeTo(sink);
        }
        String hex = HexFormat.of().formatHex(digest.digest());
        long size = Files.size(fresh);
        Files.move(fresh, directory.resolve("blobs/sha256").resolve(hex));
        return new Blob("sha256:" + hex, size);
    }

    private static String digestOf(Path file) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream source = Files.newInputStream(file);
                OutputStream sink = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
            source.transferTo(sink);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
