package io.contree.examples;

import io.contree.sdk.Contree;
import io.contree.sdk.Image;

/** The image that the examples start from. */
final class Base {
    private Base() {}

    /** The tag that is the first argument, else busybox: imported from Docker Hub if the server does not have it. */
    static Image image(Contree contree, String[] args) {
        return args.length > 0
                ? contree.images().use(args[0])
                : contree.images().oci("docker://docker.io/busybox:latest");
    }
}
