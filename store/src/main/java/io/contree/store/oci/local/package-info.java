/** What imports may read of this machine and of the uploaded files, and no more. */
@NullMarked
package io.contree.store.oci.local;

import org.jspecify.annotations.NullMarked;
