/** How images came about, and what is noted on them: {@code contree log}, {@code show} and {@code label}. */
@NullMarked
package io.contree.cli.history;

import org.jspecify.annotations.NullMarked;
