/** Keeps what operations write within their limits and within what the disk has. */
@NullMarked
package io.contree.engine.disk;

import org.jspecify.annotations.NullMarked;
