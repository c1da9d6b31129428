/** Small programs on the Java client, each to be read from top to bottom and run by {@code examples/run NAME}. */
@NullMarked
package io.contree.examples;

import org.jspecify.annotations.NullMarked;
