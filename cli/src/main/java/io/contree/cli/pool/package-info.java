/**
 * {@code contree pool}: a file system of its own for a data directory, in a file on a disk that lacks what contree makes use of:
 * shared blocks, and limits by directory.
 *
 * <p>The file is sparse, and the file system tells its disk what it no longer needs. The directory below the mount holds a
 * {@link io.contree.store.disk.Layout#poolNotMounted() sign}, which is seen while the pool is not mounted: it keeps a server from
 * starting anew there, and says where the pool is.
 */
@NullMarked
package io.contree.cli.pool;

import org.jspecify.annotations.NullMarked;
