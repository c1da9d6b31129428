/**
 * The engine of one machine, on a catalog, a store and sandboxes. Part of the module's API for {@link
 * io.contree.engine.local.LocalEngine} alone, by which it is opened.
 */
@NullMarked
package io.contree.engine.local;

import org.jspecify.annotations.NullMarked;
