/** The benchmarks, one class each. */
@NullMarked
package io.contree.bench.work;

import org.jspecify.annotations.NullMarked;
