/**
 * Containers: an OCI runtime starts our init on a root file system, and processes are spawned in it by frames.
 *
 * <pre>{@code
 * Reservation reservation = sandboxes.reserve(network);       // whose ids the root is then mounted with
 * try (Sandbox sandbox = sandboxes.start(spec)) {             // returns when init is ready
 *     SandboxProcess main = sandbox.spawn(process, listener); // spid 1
 *     ...                                                     // the listener hears output and the end
 *     sandbox.awaitEnd(deadline);                             // the whole container is gone
 * }                                                           // close kills what is left, on every path
 * }</pre>
 *
 * <p>A sandbox has namespaces of its own for everything (user, pid, mount, network with loopback only, ipc, uts, cgroup),
 * Docker's default capabilities, system calls, masked and read-only paths and devices, and the limits of its spec as cgroup
 * limits. Over the root it mounts {@code /proc}, {@code /dev}, {@code /sys} and, where the image has regular files there,
 * {@code /etc/hosts}, {@code /etc/hostname} and {@code /etc/resolv.conf}: copies of its own,
 * of which it keeps in the root what the sandbox has written. Where a mount point of the image leads out of it, the mount lands inside or the start is refused.
 *
 * <p>This package never knows images or layers: it is handed the path of a root file system. The protocol with init is
 * docs/design/init-protocol.md. Nothing that comes from inside is trusted.
 */
@NullMarked
package io.contree.sandbox;

import org.jspecify.annotations.NullMarked;
