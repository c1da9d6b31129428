@NullMarked
package io.contree.sandbox;

import org.jspecify.annotations.NullMarked;
