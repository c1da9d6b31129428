/**
 * The commands of who runs a server, which work on its data directory: one class per command, each with its options and a thin
 * {@code call()}, as in {@link io.contree.cli.command}.
 */
@NullMarked
package io.contree.cli.operator;

import org.jspecify.annotations.NullMarked;
