package io.contree.store.manifest;

import io.contree.linux.RawPath;
import io.contree.store.StoreException;

/** The form that paths have in manifests, made from what an archive lists. */
public final class LayerPath {
    private LayerPath() {}

    /**
     * Drops {@code .}, empty names and slashes at both ends; the root is the empty path.
     *
     * @throws StoreException INVALID for {@code ..}, a NUL, and lengths that no file system takes
     */
    public static String normalise(String listed) {
        StringBuilder path = new StringBuilder(listed.length());
        for (String name : listed.split("/", -1)) {
            if (name.isEmpty() || name.equals(".")) {
                continue;
            }
            if (name.equals("..")) {
                throw invalid(listed, "it has a \"..\"");
            }
            if (name.length() > 255) {
                throw invalid(listed, "a name in it is longer than 255 bytes");
            }
            if (!path.isEmpty()) {
                path.append('/');
            }
            path.append(name);
        }
        if (path.indexOf("\0") >= 0) {
            throw invalid(listed, "it has a NUL");
        }
        if (path.length() > ManifestFormat.MAX_PATH) {
            throw invalid(listed, "it is longer than " + ManifestFormat.MAX_PATH + " bytes");
        }
        return path.toString();
    }

    public static String parent(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }

    public static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    public static StoreException invalid(String path, String why) {
        String shown = path.length() > 200 ? path.substring(0, 200) + "…" : path;
        return new StoreException(
                StoreException.Kind.INVALID, "the entry \"" + RawPath.toText(shown) + "\" cannot be stored: " + why);
    }
}
