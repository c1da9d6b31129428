package io.contree.conformance.docs;

import io.contree.sdk.Contree;
import io.contree.sdk.Image;
import io.contree.sdk.async.AsyncContree;
import java.nio.file.Path;

/** What the snippets of a page find: a server with the images {@code ubuntu:latest} and {@code busybox:latest}. */
public interface DocsPage {
    /** Connected to the server; closed by nobody but the suite. */
    Contree contree();

    default AsyncContree async() {
        return contree().async();
    }

    default Image ubuntu() {
        return contree().images().use("ubuntu:latest");
    }

    /** The token of the profile that the server saved. */
    String token();

    /** A directory of this machine with {@code files} in it, as {@code /local} of the Python examples. */
    Path local();

    /** An image of a registry on loopback, {@code docker://…}. */
    String registryImage();

    /** What the test printed so far. */
    String printed();
}
