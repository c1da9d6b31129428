/**
 * The data directory: who may open it, where everything in it is, which catalog belongs to it, and how single files and
 * directories are synced and removed. Part of the module's API, for {@link io.contree.store.disk.DataDirectory}, {@link
 * io.contree.store.disk.Layout} and {@link io.contree.store.disk.CatalogLink}.
 */
@NullMarked
package io.contree.store.disk;

import org.jspecify.annotations.NullMarked;
