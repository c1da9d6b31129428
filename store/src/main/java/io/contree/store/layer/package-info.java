/**
 * Layers as trees on disk: made by a run, from a listing or from other layers, sealed in their normal form, and synced
 * to disk under their own names. Internal.
 */
@NullMarked
package io.contree.store.layer;

import org.jspecify.annotations.NullMarked;
