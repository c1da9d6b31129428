#ifndef CONTREE_NURSERY_CABLE_H
#define CONTREE_NURSERY_CABLE_H

#include <sys/types.h>

#include "wire.h"

/* Switches on the loopback device of this process's network. */
void cable_loopback(void);

/* Lays the veth pair from this process's network into that of a sandbox, as eth0 there. Returns 0, or -1 with errno; what
 * was made of it then goes with the sandbox. */
int cable_outside(const struct cable *cable, pid_t sandbox);

/* Sets up the other end, if the sandbox has one. */
void cable_inside(const struct message *take);

#endif
