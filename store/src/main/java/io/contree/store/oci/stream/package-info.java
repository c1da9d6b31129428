/**
 * The bytes of an import on their way in: from files, counted, decompressed. What is damaged is a {@link
 * io.contree.store.oci.stream.MalformedArchiveException}.
 */
@NullMarked
package io.contree.store.oci.stream;

import org.jspecify.annotations.NullMarked;
