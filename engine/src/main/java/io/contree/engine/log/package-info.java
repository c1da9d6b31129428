/** The event log of an operation: how it is written, how it lies on disk, and how it is read, while and after. */
@NullMarked
package io.contree.engine.log;

import org.jspecify.annotations.NullMarked;
