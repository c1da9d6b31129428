package io.contree.store.overlay;

import io.contree.linux.ProjectQuota;
import io.contree.linux.UserNamespace;
import io.contree.store.Image;
import io.contree.store.ImageCatalog;
import io.contree.store.dedup.EqualContents;
import io.contree.store.disk.Layout;
import io.contree.store.disk.Pins;
import io.contree.store.disk.ProvenFiles;
import io.contree.store.disk.SharedContents;
import io.contree.store.layer.LinkHandles;
import io.contree.store.layer.StackDepth;
import io.contree.store.manifest.Manifests;
import io.contree.store.manifest.StackSums;
import io.contree.store.state.StateXattrs;
import java.util.Optional;

/**
 * What the parts of an open store share.
 *
 * @param owner of the overlays of checkouts that are asked for without ids of their own; empty without a user namespace
 * @param quota of the disk of the data directory; empty where it limits no directories
 */
record StoreParts(
        Layout layout,
        SharedContents contents,
        EqualContents equal,
        ImageCatalog catalog,
        Pins pins,
        Images images,
        Damage damage,
        ProvenFiles files,
        Manifests manifests,
        LinkHandles handles,
        StateXattrs xattrs,
        StackSums sums,
        StackDepth depth,
        StackMerger merger,
        Optional<UserNamespace> owner,
        Optional<ProjectQuota> quota) {
    /**
     * The image as it is recorded now, which it stays while the lease lasts, and so do its layers.
     *
     * @throws io.contree.store.StoreException NOT_FOUND if it was removed meanwhile, DAMAGED if it is known to be
     */
    Image usable(Image image, Pins.Lease lease) {
        Image pinned = images.pinned(image, lease);
        damage.requireWhole(pinned);
        return pinned;
    }
}
