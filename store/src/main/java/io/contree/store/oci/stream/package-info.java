/** Unpacks what layers and archives are packed with. What is damaged is a {@link
 * io.contree.store.oci.stream.MalformedArchiveException}. */
@NullMarked
package io.contree.store.oci.stream;

import org.jspecify.annotations.NullMarked;
