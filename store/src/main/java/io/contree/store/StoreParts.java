package io.contree.store;

import io.contree.linux.UserNamespace;
import java.util.Optional;

/**
 * What the parts of an open store share.
 *
 * @param owner of checkouts' overlays, empty without a user namespace
 */
record StoreParts(
        Layout layout,
        ImageCatalog catalog,
        Images images,
        Manifests manifests,
        StateXattrs xattrs,
        StackSums sums,
        StackDepth depth,
        Optional<UserNamespace> owner) {}
