/** What an import is asked for: references, parsed, before anything is opened. */
@NullMarked
package io.contree.store.oci.reference;

import org.jspecify.annotations.NullMarked;
