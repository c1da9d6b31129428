/** Reads tars of every common dialect, entry by entry, with names as raw bytes. */
@NullMarked
package io.contree.store.oci.tar;

import org.jspecify.annotations.NullMarked;
