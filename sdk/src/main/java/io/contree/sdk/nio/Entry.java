package io.contree.sdk.nio;

/**
 * Something in the image, by its real path: absolute, and nothing in front of the name is a link.
 *
 * @param path {@code /} for the root
 */
record Entry(String path, ListedEntry listed) {
    boolean isDirectory() {
        return listed.isDirectory();
    }

    boolean isSymlink() {
        return listed.isSymlink();
    }

    String childPath(String name) {
        return path.equals("/") ? "/" + name : path + "/" + name;
    }
}
