/** What an import may cost, how long it may take, and who stops it. */
@NullMarked
package io.contree.store.oci.limit;

import org.jspecify.annotations.NullMarked;
