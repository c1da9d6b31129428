#ifndef CONTREE_NURSERY_PRIVILEGES_H
#define CONTREE_NURSERY_PRIVILEGES_H

#include "wire.h"

/* Leaves this process what init may have: Docker's default capabilities and the one that init gives up itself, a bound on
 * open files, and the system calls of the filter. */
void privileges_limit(const struct message *configuration);

#endif
