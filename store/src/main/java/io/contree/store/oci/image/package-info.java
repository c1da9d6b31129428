/** The documents of an image: index, manifest and config of OCI and Docker, read from JSON that strangers wrote. */
@NullMarked
package io.contree.store.oci.image;

import org.jspecify.annotations.NullMarked;
