/**
 * The cgroups of sandboxes, version 1 and 2: their processes, the limits that took effect, and their removal. Internal: an OCI
 * runtime makes the cgroup and sets the limits; for our own both are done here.
 */
@NullMarked
package io.contree.sandbox.cgroup;

import org.jspecify.annotations.NullMarked;
