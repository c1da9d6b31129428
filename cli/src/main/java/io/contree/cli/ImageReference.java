package io.contree.cli;

import io.contree.api.TagName;
import io.contree.sdk.Import;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where an image is imported from, as people type it.
 *
 * @param text what the server is asked for: paths are absolute, since the server has a directory of its own
 * @param defaultTag what the result is called unless people say otherwise
 */
record ImageReference(String text, Optional<String> defaultTag) {
    static ImageReference parse(String typed) {
        for (String scheme : new String[] {"rootfs:", "oci:", "docker-archive:"}) {
            // "oci://" is how some people write a registry.
            if (typed.startsWith(scheme) && !typed.startsWith(scheme + "//")) {
                String path = typed.substring(scheme.length());
                if (path.isEmpty()) {
                    throw new CommandFailedException(ExitCode.USAGE, typed + " needs a path after the colon");
                }
                return new ImageReference(
                        scheme + Path.of(path).toAbsolutePath().normalize(), Optional.empty());
            }
        }
        // A reference that makes no tag is wrong in a way that the server says better.
        return new ImageReference(
                typed, Optional.of(Import.tagOf(typed)).filter(tag -> !typed.contains("@") && TagName.isValid(tag)));
    }
}
