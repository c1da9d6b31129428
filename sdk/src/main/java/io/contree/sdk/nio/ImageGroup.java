package io.contree.sdk.nio;

import java.nio.file.attribute.GroupPrincipal;

/**
 * A group of the image.
 *
 * @param name the number where the image has no name for it
 */
record ImageGroup(long id, String name) implements GroupPrincipal {
    @Override
    public String getName() {
        return name;
    }

    @Override
    public String toString() {
        return name;
    }
}
