/**
 * The terminal of a command: what it reads, prints and shows meanwhile, and the exit codes, which docs/cli.md lists for users.
 */
@NullMarked
package io.contree.cli.terminal;

import org.jspecify.annotations.NullMarked;
