package io.contree.testkit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Moves images with skopeo: another implementation of the formats and of the registry's protocol, as an oracle. */
public final class Skopeo {
    private static final Program SKOPEO = new Program("skopeo");

    private final Optional<LoopbackRegistry.Credentials> credentials;

    /** @param credentials for every registry asked, or empty to ask without */
    public Skopeo(Optional<LoopbackRegistry.Credentials> credentials) {
        this.credentials = credentials;
    }

    /** Pushes the image of a layout to {@code host:port/name:tag}. */
    public void push(Path layout, String reference) throws IOException, InterruptedException {
        copy("oci:" + layout, "docker://" + reference);
    }

    /** Pulls {@code host:port/name:tag} into a new layout under a tag. */
    public void pull(String reference, Path layout, String tag) throws IOException, InterruptedException {
        copy("docker://" + reference, "oci:" + layout + ":" + tag);
    }

    /** Copies between any two image names of skopeo, such as {@code docker-archive:FILE:name:tag}. */
    public void copy(String from, String to) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("--insecure-policy", "copy", "--quiet"));
        arguments.addAll(List.of("--src-tls-verify=false", "--dest-tls-verify=false"));
        arguments.addAll(credentialsFor("--src-creds", from));
        arguments.addAll(credentialsFor("--dest-creds", to));
        arguments.add(from);
        arguments.add(to);
        Requirements.skopeo();
        SKOPEO.run(arguments);
    }

    /** The digest of the manifest at {@code host:port/name:tag}. */
    public String digest(String reference) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("inspect", "--tls-verify=false", "--format={{.Digest}}"));
        arguments.addAll(credentialsFor("--creds", "docker:"));
        arguments.add("docker://" + reference);
        Requirements.skopeo();
        return SKOPEO.run(arguments).strip();
    }

    private List<String> credentialsFor(String option, String image) {
        if (credentials.isEmpty() || !image.startsWith("docker:")) {
            return List.of();
        }
        return List.of(
                option, credentials.get().user() + ":" + credentials.get().password());
    }
}
