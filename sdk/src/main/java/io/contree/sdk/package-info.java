/**
 * The Java client of contree: blocking, safe for use by many threads, at home on virtual threads.
 *
 * <pre>{@code
 * try (Contree contree = Contree.connect()) {                       // environment or profile, as the other clients
 *     Image ubuntu = contree.images().use("ubuntu:latest");         // lazy: nothing is asked yet
 *     RunResult built = ubuntu.shell("make").file("/src/main.c", FileContent.of(path)).execute();
 *     RunResult tested = built.image().command("make", "test").execute();   // on the state that make left
 *     System.out.println(tested.stdout());
 * }
 * }</pre>
 *
 * <p>A run keeps its state unless it is {@linkplain io.contree.sdk.Run#disposable() disposable}. Every failure is a
 * {@link io.contree.sdk.ContreeClientException}, in a handful of kinds by what a caller can do about it. A request that
 * starts something is never repeated when it may have arrived.
 *
 * <p>The API is this package with {@link io.contree.sdk.async}, {@link io.contree.sdk.fanout}, {@link io.contree.sdk.nio},
 * {@link io.contree.sdk.process} and {@link io.contree.sdk.session}. More than 25 types lie here, because a program names
 * them: among them a failure of each kind. How things are done lies below {@code internal}, which knows none of these packages.
 *
 * <p>Five packages know each other in circles, so that one call can lead to the next: this one, {@code async}, {@code nio},
 * {@code process} and {@code session}.
 */
@NullMarked
package io.contree.sdk;

import org.jspecify.annotations.NullMarked;
