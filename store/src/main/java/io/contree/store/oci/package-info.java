/**
 * Makes images of what others made: root file systems (directories and tars), OCI layouts, docker archives, registries.
 *
 * <h2>From reference to image</h2>
 *
 * <pre>{@code
 * reference --> ImageOrigin (registry, layout, archive) --> manifest, config --> layers --> LayerUnpacker --> layer stack --> image
 *           \-> root tar --------------------------------------------------------/
 *           \-> root directory --> DirectoryReader -----------------------------/
 * }</pre>
 *
 * <p>Everything that comes in is hostile until checked: sizes and counts are capped by {@link
 * io.contree.store.oci.limit.ImportLimits}, digests are verified before their bytes count, names are normalised and never
 * leave the layer, and credentials go to the named registry and its token realm only.
 *
 * <p>The packages below it, each building on those before it: {@code limit}, {@code image}, {@code tar}, {@code
 * reference}, {@code local}, {@code registry} and {@code origin}.
 *
 * <p>Formats: OCI image specification 1.1 (manifest, index, config, layer), OCI distribution specification 1.1, Docker
 * image manifest version 2 schema 2, {@code docker save} archives, POSIX.1-2001 pax, GNU tar.
 */
@NullMarked
package io.contree.store.oci;

import org.jspecify.annotations.NullMarked;
