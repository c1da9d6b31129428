/**
 * The life of an operation, whatever its work is: admission, states, and the one true end.
 *
 * <p>How it comes to that end: a process ends ({@link io.contree.engine.process.ProcessEnd}), and work proposes the {@link
 * io.contree.engine.Outcome} that follows. A cancel, a limit or the server's end imposes a <em>verdict</em>, an outcome too: it
 * unwinds the work by a {@link io.contree.engine.operation.VerdictException} and takes the place of what the work
 * proposes. {@link io.contree.engine.operation.LiveOperation#settle} decides between the two, once; with the time and
 * the limits that were met its outcome is the {@link io.contree.engine.OperationEnd}, which is recorded and shown.
 */
@NullMarked
package io.contree.engine.operation;

import org.jspecify.annotations.NullMarked;
