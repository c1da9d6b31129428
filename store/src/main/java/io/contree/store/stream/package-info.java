/** Streams of bytes on their way into the store or out of it. */
@NullMarked
package io.contree.store.stream;

import org.jspecify.annotations.NullMarked;
