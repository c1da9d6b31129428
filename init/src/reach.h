#ifndef CONTREE_REACH_H
#define CONTREE_REACH_H

/*
 * Puts init, as PID 1, out of reach of what it runs: everything inside is root like init and so may change init's limits
 * and priority, which starves it, and nothing in the kernel tells them apart. A filter on system calls does: no process of the
 * sandbox may make one of those calls for PID 1, in any ABI of the machine. The filter takes CAP_SYS_ADMIN, which
 * init is given for this alone and gives up here for itself and all its children.
 */
void reach_forbid(void);

#endif
