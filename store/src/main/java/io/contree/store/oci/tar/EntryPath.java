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
     * The raw path relative to the root: no {@code .}, no empty component, no slash at either end; the root is empty.
     *
     * @throws MalformedArchiveException for {@code ..}, NUL, and what is too long for Linux
     */
    public static String normalise(String written) throws MalformedArchiveException {
        List<String> components = new ArrayList<>();
        for (String component : written.split("/")) {
            if (component.equals("..")) {
                throw refused(written, "it leaves the root by \"..\"");
            }
            if (component.length() > LONGEST_COMPONENT) {
                throw refused(written, "a part of it has more than " + LONGEST_COMPONENT + " bytes");
            }
            if (!component.isEmpty() && !component.equals(".")) {
                components.add(component);
            }
        }
        String path = String.join("/", components);
        if (path.indexOf('\0') >= 0) {
            throw refused(written, "it has a NUL");
        }
        if (path.length() > LONGEST_PATH) {
            throw refused(written, "it has more than " + LONGEST_PATH + " bytes");
        }
        return path;
    }

    /** The last component. */
    public static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** All but the last component; the root is empty. */
    public static String parent(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }

    /** The path of a name in a directory. */
    public static String child(String directory, String name) {
        return directory.isEmpty() ? name : directory + "/" + name;
    }

    public static MalformedArchiveException refused(String written, String why) {
        return new MalformedArchiveException(
                "the path \"" + Json.shortened(RawPath.toText(written)) + "\" is refused: " + why);
    }
}
