#ifndef CONTREE_OOM_H
#define CONTREE_OOM_H

/* Lets the kernel, when memory runs out, kill this process rather than init. For a new process before its exec: a process may
 * always raise its own score, but init's own files in /proc are read-only in a sandbox, so it cannot raise it for its
 * children. Where /proc cannot be used, nothing happens. */
void oom_volunteer(void);

#endif
