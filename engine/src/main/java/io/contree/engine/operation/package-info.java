/** The life of an operation, whatever its work is: admission, states, and the one true end. */
@NullMarked
package io.contree.engine.operation;

import org.jspecify.annotations.NullMarked;
