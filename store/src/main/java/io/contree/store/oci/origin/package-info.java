/** Where an image comes from, behind one interface: a registry, an OCI layout, a docker archive. */
@NullMarked
package io.contree.store.oci.origin;

import org.jspecify.annotations.NullMarked;
