/**
 * Containers: an OCI runtime starts our init on a root file system, and processes are spawned in it by frames.
 *
 * <pre>{@code
 * try (Sandbox sandbox = sandboxes.start(spec)) {             // returns when init is ready
 *     SandboxProcess main = sandbox.spawn(process, listener); // spid 1
 *     ...                                                     // the listener hears output and the end
 *     sandbox.awaitEnd(deadline);                             // the whole container is gone
 * }                                                           // close kills what is left, on every path
 * }</pre>
 *
 * <p>This package never knows images or layers: it is handed the path of a root file system. The protocol with init is
 * docs/design/init-protocol.md. Nothing that comes from inside is trusted.
 */
@NullMarked
package io.contree.sandbox;

import org.jspecify.annotations.NullMarked;
