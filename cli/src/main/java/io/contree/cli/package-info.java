/**
 * The {@code contree} command: its entry point and the tree of its commands, which are in {@link
 * io.contree.cli.command}; they show what they have through {@link io.contree.cli.terminal}.
 */
@NullMarked
package io.contree.cli;

import org.jspecify.annotations.NullMarked;
