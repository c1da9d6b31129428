package io.contree.cli.command;

import io.contree.api.TagName;
import io.contree.cli.local.LocalSource;
import io.contree.cli.terminal.CommandFailedException;
import io.contree.cli.terminal.ExitCode;
import io.contree.sdk.Import;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where an image is imported from, as people type it.
 *
 * @param text what the server is asked for: paths are absolute, since the server has a directory of its own
 * @param defaultTag what the result is called unless told otherwise
 * @param local the source, if it is on this machine
 */
record ImageReference(String text, Optional<String> defaultTag, Optional<LocalSource> local) {
    static ImageReference parse(String typed) {
        for (String scheme : new String[] {"rootfs:", "oci:", "oci-archive:", "docker-archive:"}) {
            // "oci://" is how some people write a registry.
            if (typed.startsWith(scheme) && !typed.startsWith(scheme + "//")) {
                String path = typed.substring(scheme.length());
                if (path.isEmpty()) {
                    throw new CommandFailedException(ExitCode.USAGE, typed + " needs a path after the colon");
                }
                LocalSource local = local(scheme.substring(0, scheme.length() - 1), path);
                return new ImageReference(local.text(), Optional.empty(), Optional.of(local));
            }
        }
        // A reference that makes no tag is wrong in a way that the server explains better.
        return new ImageReference(
                typed,
                Optional.of(Import.tagOf(typed))
                        .filter(tag -> !typed.startsWith("upload:") && !typed.contains("@") && TagName.isValid(tag)),
                Optional.empty());
    }

    /** Splits as the server does: a layout at the last colon after the last slash, an archive at the first colon. */
    private static LocalSource local(String kind, String rest) {
        int colon = kind.equals("oci") ? rest.lastIndexOf(':') : rest.indexOf(':');
        if (kind.equals("rootfs") || colon <= (kind.equals("oci") ? rest.lastIndexOf('/') : 0)) {
            return new LocalSource(kind, absolute(rest), Optional.empty());
        }
        return new LocalSource(kind, absolute(rest.substring(0, colon)), Optional.of(rest.substring(colon + 1)));
    }

    private static Path absolute(String path) {
        return Path.of(path).toAbsolutePath().normalize();
    }
}
