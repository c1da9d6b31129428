/** What was measured, and how it is shown. */
@NullMarked
package io.contree.bench.figure;

import org.jspecify.annotations.NullMarked;
