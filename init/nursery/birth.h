#ifndef CONTREE_NURSERY_BIRTH_H
#define CONTREE_NURSERY_BIRTH_H

#include <sys/types.h>

#include "wire.h"

/* Makes a sandbox that waits: a child of this process, PID 1 of its own namespaces.
 *
 * make: the first descriptor is its user namespace, the others are files by which it joins its cgroups
 * control: its end of the socket by which it says that it waits, and hears what to become
 *
 * Returns its pid, or -1 with errno. */
pid_t birth(const struct message *configuration, struct message *make, int control);

#endif
