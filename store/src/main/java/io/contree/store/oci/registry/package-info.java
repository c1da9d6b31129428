/**
 * The OCI distribution specification over HTTP: login, retries, resumed downloads, proxies, and which addresses may be
 * contacted.
 */
@NullMarked
package io.contree.store.oci.registry;

import org.jspecify.annotations.NullMarked;
