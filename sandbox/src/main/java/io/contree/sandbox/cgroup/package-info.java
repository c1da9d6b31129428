/**
 * The cgroups of sandboxes, version 1 and 2: their processes, the limits that took effect, and their removal. Internal: the OCI
 * runtime makes the cgroup and sets the limits.
 */
@NullMarked
package io.contree.sandbox.cgroup;

import org.jspecify.annotations.NullMarked;
