/** What the Java client weighs and costs. */
@NullMarked
package io.contree.bench.sdk;

import org.jspecify.annotations.NullMarked;
