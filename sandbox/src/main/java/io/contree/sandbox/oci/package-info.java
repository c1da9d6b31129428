/**
 * Sandboxes as containers of an OCI runtime: the bundle and the configuration that the runtime gets, the runtime's process, and
 * a container from its start to the last of its traces. {@link OciSandboxes}, which opens them, is API; the rest is internal.
 */
@NullMarked
package io.contree.sandbox.oci;

import org.jspecify.annotations.NullMarked;
