/** The lineage of images: which runs led from one to another. Part of the module's API. */
@NullMarked
package io.contree.engine.history;

import org.jspecify.annotations.NullMarked;
