/**
 * Many runs at once, with a bound: what a tree search or a test matrix is made of.
 *
 * <pre>{@code
 * Optional<Outcome<String>> fixed = FanOut.over(patches, patch -> broken.shell("patch -p1 && make test").stdin(patch))
 *         .atMost(16)
 *         .first(RunResult::succeeded);      // the runs that are not needed any more are cancelled on the server
 * }</pre>
 */
@NullMarked
package io.contree.sdk.fanout;

import org.jspecify.annotations.NullMarked;
