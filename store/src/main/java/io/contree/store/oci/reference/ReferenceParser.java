package io.contree.store.oci.reference;

import io.contree.store.Digest;
import io.contree.store.ImportSource;
import io.contree.store.StoreException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses import references. The grammar of registry references is that of the OCI distribution specification, with
 * Docker's defaults: no registry means {@code docker.io}, and a one-word name there is {@code library/NAME}.
 */
public final class ReferenceParser {
    private static final String FORMS =
            "Use docker://HOST/NAME:TAG, docker://HOST/NAME@sha256:DIGEST, rootfs:DIRECTORY,"
                    + " rootfs:FILE.tar, oci:DIRECTORY[:TAG], oci-archive:FILE[:TAG], docker-archive:FILE[:NAME], or of an"
                    + " uploaded file upload:rootfs:UUID, upload:oci-archive:UUID[:TAG], upload:docker-archive:UUID[:NAME].";
    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://.*", Pattern.DOTALL);
    private static final Pattern HOST = Pattern.compile(
            "(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*)"
                    + "(?::([0-9]{1,5}))?");
    private static final Pattern COMPONENT = Pattern.compile("[a-z0-9]++(?:(?:\\.|_|__|-++)[a-z0-9]++)*+");
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
    private static final int LONGEST_NAME = 255;
    private static final int LONGEST_REFERENCE = 4096;

    private final String text;

    private ReferenceParser(String text) {
        this.text = text;
    }

    /**
     * Parses a reference.
     *
     * @throws StoreException INVALID, saying what is wrong and which forms there are
     */
    public static Reference parse(String text) {
        return new ReferenceParser(text).parse();
    }

    private Reference parse() {
        if (text.isBlank()) {
            throw invalid("it is empty");
        }
        if (text.length() > LONGEST_REFERENCE) {
            throw new StoreException(
                    StoreException.Kind.INVALID,
                    "An image reference has at most " + LONGEST_REFERENCE + " characters.");
        }
        if (text.startsWith("upload:")) {
            return upload(text.substring("upload:".length()));
        }
        if (text.startsWith("rootfs:")) {
            return new Reference.RootFileSystem(new Place.Local(path(text.substring("rootfs:".length()))));
        }
        if (text.startsWith("oci-archive:")) {
            String rest = text.substring("oci-archive:".length());
            return new Reference.OciArchive(new Place.Local(path(beforeColon(rest))), afterColon(rest));
        }
        if (text.startsWith("oci:")) {
            return layout(text.substring("oci:".length()));
        }
        if (text.startsWith("docker-archive:")) {
            String rest = text.substring("docker-archive:".length());
            return new Reference.DockerArchive(new Place.Local(path(beforeColon(rest))), afterColon(rest));
        }
        if (text.startsWith("docker://")) {
            return remote(text.substring("docker://".length()));
        }
        Matcher scheme = SCHEME.matcher(text);
        if (scheme.matches()) {
            throw invalid("contree cannot import from \"" + scheme.group(1) + "://\"");
        }
        return remote(text);
    }

    private Reference layout(String rest) {
        int colon = rest.lastIndexOf(':');
        if (colon <= rest.lastIndexOf('/')) {
            return new Reference.OciLayout(path(rest), Optional.empty());
        }
        String tag = rest.substring(colon + 1);
        if (tag.isEmpty()) {
            throw invalid("the tag after the last colon is empty");
        }
        return new Reference.OciLayout(path(rest.substring(0, colon)), Optional.of(tag));
    }

    private Reference upload(String rest) {
        String scheme = beforeColon(rest);
        String named = afterColon(rest).orElse("");
        Place file = new Place.Upload(ImportSource.upload(text)
                .orElseThrow(
                        () -> invalid("upload: is followed by rootfs, oci-archive or docker-archive, a colon and the"
                                + " UUID of an uploaded file")));
        Optional<String> name = afterColon(named);
        return switch (scheme) {
            case "rootfs" -> {
                if (name.isPresent()) {
                    throw invalid("a root file system has no name after its UUID");
                }
                yield new Reference.RootFileSystem(file);
            }
            case "oci-archive" -> new Reference.OciArchive(file, name);
            case "docker-archive" -> new Reference.DockerArchive(file, name);
            default ->
                throw invalid("an upload is a rootfs, an oci-archive or a docker-archive, not a \"" + scheme + "\"");
        };
    }

    private static String beforeColon(String rest) {
        int colon = rest.indexOf(':');
        return colon < 0 ? rest : rest.substring(0, colon);
    }

    private Optional<String> afterColon(String rest) {
        int colon = rest.indexOf(':');
        if (colon < 0) {
            return Optional.empty();
        }
        String name = rest.substring(colon + 1);
        if (name.isEmpty()) {
            throw invalid("the name after the last colon is empty");
        }
        return Optional.of(name);
    }

    private Path path(String written) {
        if (written.isEmpty()) {
            throw invalid("the path is missing");
        }
        try {
            return Path.of(written).toAbsolutePath();
        } catch (InvalidPathException e) {
            throw invalid("the path is malformed: " + e.getReason());
        }
    }

    private Reference remote(String rest) {
        String name = rest;
        Optional<Digest> digest = Optional.empty();
        int at = rest.indexOf('@');
        if (at >= 0) {
            name = rest.substring(0, at);
            digest = Optional.of(digest(rest.substring(at + 1)));
        }
        int colon = name.lastIndexOf(':');
        String tag = "latest";
        if (colon > name.lastIndexOf('/')) {
            tag = name.substring(colon + 1);
            name = name.substring(0, colon);
            if (!TAG.matcher(tag).matches()) {
                throw invalid(
                        "the tag \"" + tag + "\" is malformed: it has 1 to 128 of the characters A-Z a-z 0-9 _ . -"
                                + " and starts with a letter, digit or _");
            }
        }
        RegistryHost registry = RegistryHost.DOCKER_HUB;
        int slash = name.indexOf('/');
        if (slash >= 0 && looksLikeHost(name.substring(0, slash))) {
            registry = host(name.substring(0, slash));
            name = name.substring(slash + 1);
        }
        return new Reference.Remote(registry, repository(registry, name), tag, digest);
    }

    private static boolean looksLikeHost(String first) {
        return first.isEmpty()
                || first.contains(".")
                || first.contains(":")
                || first.equalsIgnoreCase("localhost")
                || !first.equals(first.toLowerCase(java.util.Locale.ROOT));
    }

    private RegistryHost host(String written) {
        Matcher host = HOST.matcher(written);
        if (!host.matches()) {
            throw invalid("\"" + written + "\" is not a registry host");
        }
        int port = host.group(2) == null ? -1 : Integer.parseInt(host.group(2));
        if (port == 0 || port > 65535) {
            throw invalid("the port " + port + " is not in 1..65535");
        }
        return new RegistryHost(host.group(1), port);
    }

    private String repository(RegistryHost registry, String name) {
        if (name.isEmpty()) {
            throw invalid("the image name is missing");
        }
        if (name.length() > LONGEST_NAME) {
            throw invalid("the image name has more than " + LONGEST_NAME + " characters");
        }
        for (String component : name.split("/", -1)) {
            if (!COMPONENT.matcher(component).matches()) {
                throw invalid("the part \"" + component + "\" of the name is malformed: lower-case letters and digits,"
                        + " separated by . _ __ or -");
            }
        }
        return registry.isDockerHub() && name.indexOf('/') < 0 ? "library/" + name : name;
    }

    private Digest digest(String written) {
        try {
            return Digest.parse(written);
        } catch (IllegalArgumentException e) {
            throw invalid(
                    "a digest is sha256: and 64 lower-case hexadecimal digits; login names and passwords do not belong"
                            + " in a reference");
        }
    }

    private StoreException invalid(String why) {
        return new StoreException(
                StoreException.Kind.INVALID, "\"" + text + "\" is not an image reference: " + why + ". " + FORMS);
    }
}
