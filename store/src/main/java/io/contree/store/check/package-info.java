/**
 * What is on disk against what was recorded, both ways: reads everything, changes nothing but in {@link
 * io.contree.store.check.Repair}. Part of the module's API: {@code server} composes a check of a whole data directory, of which this
 * is the store's part, and {@code cli} prints what it finds.
 */
@NullMarked
package io.contree.store.check;

import org.jspecify.annotations.NullMarked;
