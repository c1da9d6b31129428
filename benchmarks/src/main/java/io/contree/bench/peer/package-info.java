/** Other runtimes, which do the same work in turn. */
@NullMarked
package io.contree.bench.peer;

import org.jspecify.annotations.NullMarked;
