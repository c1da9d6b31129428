#ifndef CONTREE_OOM_H
#define CONTREE_OOM_H

/* Lets the kernel, when memory runs out, kill the processes of the sandbox rather than init. A process inherits the
 * score of its parent and may always raise its own, and an unprivileged one may lower it again to where it was. So init
 * raises its own score just around the fork: the new process could not do it itself, because it is not dumpable before
 * its exec and so does not own its files in /proc. Where /proc cannot be used, nothing happens. */

/* To be called once, before init gives up being dumpable. */
void oom_open(void);

void oom_prefer_children(void);
void oom_restore(void);

#endif
