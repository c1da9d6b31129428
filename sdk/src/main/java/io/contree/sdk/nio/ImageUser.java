package io.contree.sdk.nio;

import java.nio.file.attribute.UserPrincipal;

/**
 * A user of the image.
 *
 * @param name the number where the image has no name for it
 */
record ImageUser(long id, String name) implements UserPrincipal {
    @Override
    public String getName() {
        return name;
    }

    @Override
    public String toString() {
        return name;
    }
}
