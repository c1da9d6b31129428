/**
 * Side-by-side benchmarks: every figure is a ratio against another runtime in the same run on the same machine, because
 * absolute times do not carry over.
 */
@NullMarked
package io.contree.bench;

import org.jspecify.annotations.NullMarked;
