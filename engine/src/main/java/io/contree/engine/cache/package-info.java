/** The run cache: which runs are equal, and the record of one that answers for the next. Part of the module's API. */
@NullMarked
package io.contree.engine.cache;

import org.jspecify.annotations.NullMarked;
