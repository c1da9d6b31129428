@NullMarked
package io.contree.init;

import org.jspecify.annotations.NullMarked;
