package io.contree.store.oci.tar;

import io.contree.linux.RawPath;
import io.contree.store.oci.image.Json;
import java.util.ArrayList;
import java.util.List;

/** Paths as archives write them, in the one form that the store knows. */
public final class EntryPath {
    private static final int LONGEST_COMPONENT = 255;
    private static final int LONGEST_PATH = 4095;

    private EntryPath() {}

    /**
     * The path relative to the root: no {@code .}, no empty component, no slash at either end; the root is empty.
     *
     * @throws MalformedArchiveException for {@code ..}, NUL, and what is too long for Linux
     */
    public static RawPath normalise(String written) throws MalformedArchiveException {
        List<String> components = new ArrayList<>();
        for (String component : written.split("/")) {
            if (component.equals("..")) {
                throw refused(new RawPath(written), "it leaves the root by \"..\"");
            }
            if (component.length() > LONGEST_COMPONENT) {
                throw refused(new RawPath(written), "a part of it has more than " + LONGEST_COMPONENT + " bytes");
            }
            if (!component.isEmpty() && !component.equals(".")) {
                components.add(component);
            }
        }
        String path = String.join("/", components);
        if (path.indexOf('\0') >= 0) {
            throw refused(new RawPath(written), "it has a NUL");
        }
        if (path.length() > LONGEST_PATH) {
            throw refused(new RawPath(written), "it has more than " + LONGEST_PATH + " bytes");
        }
        return new RawPath(path);
    }

    public static MalformedArchiveException refused(RawPath written, String why) {
        return new MalformedArchiveException(
                "the path \"" + Json.shortened(written.toString()) + "\" is refused: " + why);
    }
}
