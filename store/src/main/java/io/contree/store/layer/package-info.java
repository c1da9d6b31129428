/**
 * Layers as trees on disk: made by a run, of a listing or of other layers, sealed in their normal form, and brought to disk
 * under their own name. Internal.
 */
@NullMarked
package io.contree.store.layer;

import org.jspecify.annotations.NullMarked;
