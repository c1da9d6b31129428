@NullMarked
package io.contree.bench;

import org.jspecify.annotations.NullMarked;
