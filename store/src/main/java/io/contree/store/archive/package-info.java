/**
 * Trees as tar archives, byte for byte as they are. Part of the module's API, for
 * {@link io.contree.store.archive.DirectoryArchive}.
 */
@NullMarked
package io.contree.store.archive;

import org.jspecify.annotations.NullMarked;
