/** The work of the two kinds of operation, runs and imports, and what a run is prepared with. */
@NullMarked
package io.contree.engine.run;

import org.jspecify.annotations.NullMarked;
