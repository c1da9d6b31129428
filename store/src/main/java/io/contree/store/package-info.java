@NullMarked
package io.contree.store;

import org.jspecify.annotations.NullMarked;
