/**
 * One class per command, each with its options and a thin {@code call()} that asks the SDK and hands records to {@link
 * io.contree.cli.terminal.Printer}.
 */
@NullMarked
package io.contree.cli.command;

import org.jspecify.annotations.NullMarked;
