/**
 * The Java client of contree: blocking, safe for use by many threads, right for virtual threads.
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
 * <p>A run keeps its state unless {@link io.contree.sdk.Run#disposable()} is said. Every failure is a
 * {@link io.contree.sdk.ContreeClientException}, in a handful of kinds by what a caller can do about it. A request that
 * starts something is never repeated when it may have arrived.
 *
 * <p>More than 25 types lie here, since a program names them: they are the interface, with a failure for each kind among
 * them, and what makes those failures. How it is done lies below {@code internal}, which knows nothing of this package.
 *
 * <p>Five packages know each other in circles, so that one call leads to the next: this one, {@link io.contree.sdk.async},
 * {@link io.contree.sdk.nio}, {@link io.contree.sdk.process} and {@link io.contree.sdk.session}.
 */
@NullMarked
package io.contree.sdk;

import org.jspecify.annotations.NullMarked;
