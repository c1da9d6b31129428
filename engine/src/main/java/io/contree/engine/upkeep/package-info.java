/** Keeps the disk in order while the engine works: applies retention, and collects what nothing needs any more. */
@NullMarked
package io.contree.engine.upkeep;

import org.jspecify.annotations.NullMarked;
