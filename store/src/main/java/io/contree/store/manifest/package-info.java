/**
 * Layers as lists of entries: manifests on disk, stacks of them merged as overlayfs merges, and what differs between two
 * stacks, all without touching a file of a layer. Internal.
 */
@NullMarked
package io.contree.store.manifest;

import org.jspecify.annotations.NullMarked;
