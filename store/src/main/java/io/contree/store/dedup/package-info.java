/**
 * Stores equal contents once where the disk lets files share blocks (docs/design/format.md, "Shared blocks"): new files as they are
 * committed, and those that nobody remembered by a search through all layers. Internal.
 */
@NullMarked
package io.contree.store.dedup;

import org.jspecify.annotations.NullMarked;
