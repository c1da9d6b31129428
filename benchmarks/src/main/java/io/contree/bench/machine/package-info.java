/** The machine that is measured: its programs, its processors, its memory. */
@NullMarked
package io.contree.bench.machine;

import org.jspecify.annotations.NullMarked;
