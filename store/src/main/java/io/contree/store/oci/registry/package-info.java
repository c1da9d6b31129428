/**
 * The OCI distribution specification over HTTP: login, retries, resumed downloads, proxies, and the addresses that may be
 * asked.
 */
@NullMarked
package io.contree.store.oci.registry;

import org.jspecify.annotations.NullMarked;
