/**
 * The engine of one machine, on a catalog, a store and sandboxes. Part of the module's API for {@link
 * io.contree.engine.local.LocalEngine} alone, which opens it.
 */
@NullMarked
package io.contree.engine.local;

import org.jspecify.annotations.NullMarked;
