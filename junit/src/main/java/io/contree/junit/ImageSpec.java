package io.contree.junit;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;

/**
 * What a test starts from.
 *
 * @param reference of the image, a root file system by its absolute path
 */
record ImageSpec(String reference, List<Placed> files) {
    private static final String ROOT_FS = "rootfs:";

    /** A file or directory of this machine and its place in the image. */
    record Placed(Path local, String place) {
        static Placed of(String text) {
            int at = text.lastIndexOf(':');
            String place = text.substring(at + 1).strip();
            if (at <= 0 || !place.startsWith("/")) {
                throw new ExtensionConfigurationException(
                        "'" + text + "' in @ContreeTest(files) names no place; write \"LOCAL : /in/the/image\"");
            }
            return new Placed(Path.of(text.substring(0, at).strip()).toAbsolutePath(), place);
        }
    }

    /** @param image as in {@link ContreeTest}, and so are the files */
    static ImageSpec of(String image, List<String> files) {
        String reference = image.startsWith(ROOT_FS)
                ? ROOT_FS + Path.of(image.substring(ROOT_FS.length())).toAbsolutePath()
                : image;
        return new ImageSpec(reference, files.stream().map(Placed::of).toList());
    }

    boolean isImported() {
        return reference.startsWith(ROOT_FS) || reference.contains("://");
    }
}
