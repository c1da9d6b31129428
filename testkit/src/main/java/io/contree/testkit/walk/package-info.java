/** A random walk of file operations, made in two places with the same decisions, and what must be the same in both. */
@NullMarked
package io.contree.testkit.walk;

import org.jspecify.annotations.NullMarked;
