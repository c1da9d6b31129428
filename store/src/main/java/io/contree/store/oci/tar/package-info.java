/** Reads tars of every common dialect, whatever they are packed with, entry by entry and with names as raw bytes. */
@NullMarked
package io.contree.store.oci.tar;

import org.jspecify.annotations.NullMarked;
