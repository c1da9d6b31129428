/**
 * The server's side of the protocol with init (docs/design/init-protocol.md): frames, and the processes they tell of. Internal:
 * it gets two streams and knows neither runtime nor cgroup.
 */
@NullMarked
package io.contree.sandbox.init;

import org.jspecify.annotations.NullMarked;
