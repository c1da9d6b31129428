@NullMarked
package io.contree.linux;

import org.jspecify.annotations.NullMarked;
