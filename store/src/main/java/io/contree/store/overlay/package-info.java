/**
 * The store on overlayfs: opened, recovered, and assembled from the other packages. Part of the module's API, for
 * {@link io.contree.store.overlay.OverlayStore#open}.
 */
@NullMarked
package io.contree.store.overlay;

import org.jspecify.annotations.NullMarked;
