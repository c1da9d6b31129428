package io.contree.store.layer;

import io.contree.linux.RawPath;
import io.contree.store.StoreException;
import io.contree.store.manifest.ManifestFormat;

/** The form that paths have in manifests, made from what an archive lists. */
final class ListedPath {
    private ListedPath() {}

    /**
     * Drops {@code .}, empty names and slashes at both ends; the root is the empty path.
     *
     * @throws StoreException INVALID for {@code ..}, a NUL, and lengths that no file system takes
     */
    static RawPath normalise(RawPath listed) {
        StringBuilder path = new StringBuilder(listed.length());
        for (String name : listed.names()) {
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
        return new RawPath(path.toString());
    }

    static StoreException invalid(RawPath path, String why) {
        String shown = path.length() > 200 ? path.raw().substring(0, 200) + "…" : path.raw();
        return new StoreException(
                StoreException.Kind.INVALID, "the entry \"" + RawPath.toText(shown) + "\" cannot be stored: " + why);
    }
}
