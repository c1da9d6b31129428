@NullMarked
package io.contree.catalog;

import org.jspecify.annotations.NullMarked;
