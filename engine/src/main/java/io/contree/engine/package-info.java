@NullMarked
package io.contree.engine;

import org.jspecify.annotations.NullMarked;
