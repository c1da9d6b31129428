/**
 * What a filesystem state is made of, and its identity: entries, their hashes, and the sums and keys that follow from them
 * (docs/design/format.md, "Identity"). Internal.
 */
@NullMarked
package io.contree.store.state;

import org.jspecify.annotations.NullMarked;
