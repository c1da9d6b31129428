/**
 * The {@code contree} command: one class per command, each with its options and a thin {@code call()} that asks the SDK
 * and hands records to {@link io.contree.cli.Printer}. Exit codes are in {@link io.contree.cli.ExitCode} and docs/cli.md.
 */
@NullMarked
package io.contree.cli;

import org.jspecify.annotations.NullMarked;
