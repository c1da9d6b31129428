/** The event log of an operation: how it is written, lies on disk, and is read back while it is written and after. */
@NullMarked
package io.contree.engine.log;

import org.jspecify.annotations.NullMarked;
