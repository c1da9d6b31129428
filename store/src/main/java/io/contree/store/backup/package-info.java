/**
 * Backups of a data directory in another directory, and data directories made of them (docs/design/format.md, "Backup directory").
 * {@link io.contree.store.backup.Backup} makes one, {@link io.contree.store.backup.Restore} reads one; what a catalog names, and how
 * a catalog is copied, they are told through {@link io.contree.store.backup.CatalogSource}. Part of the module's API.
 */
@NullMarked
package io.contree.store.backup;

import org.jspecify.annotations.NullMarked;
