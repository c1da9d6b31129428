/**
 * The event logs of ended operations against their records. Part of the module's API: {@code server} composes a check of a whole data
 * directory, of which this is the engine's part.
 */
@NullMarked
package io.contree.engine.check;

import org.jspecify.annotations.NullMarked;
