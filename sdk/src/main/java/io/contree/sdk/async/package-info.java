/**
 * The client without waiting: the same names as in {@link io.contree.sdk}, with a {@link
 * java.util.concurrent.CompletableFuture} where the blocking client waits for the server and a {@link
 * java.util.concurrent.Flow.Publisher} where it gives a stream.
 *
 * <pre>{@code
 * try (AsyncContree contree = Contree.connect().async()) {
 *     contree.images().use("ubuntu:latest").shell("make").execute()
 *             .thenCompose(built -> built.image().command("make", "test").execute())
 *             .thenAccept(tested -> System.out.println(tested.stdout()))
 *             .join();
 * }
 * }</pre>
 *
 * <p>Underneath it is the blocking client, on virtual threads where the JVM has them. No call waits on the caller's
 * thread. A future fails with the {@link io.contree.sdk.ContreeClientException} that the blocking call throws.
 *
 * <p><b>Cancelling</b> a future, or one that was derived from it by {@code thenApply}, {@code thenCompose} and so on,
 * interrupts the call, and a run or import that it waits for is cancelled on the server. The same goes for a future that
 * is completed from outside, as by {@code orTimeout}.
 *
 * <p><b>Publishers</b> ask the server when they are asked: each subscriber gets the whole stream from its start, and
 * nothing is read for which there is no demand. Cancelling a subscription closes what it reads.
 */
@NullMarked
package io.contree.sdk.async;

import org.jspecify.annotations.NullMarked;
