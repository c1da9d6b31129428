#ifndef CONTREE_NURSERY_HOME_H
#define CONTREE_NURSERY_HOME_H

/* The nursery's own root, of which each sandbox begins with a copy: nothing of the machine is reachable in it.
 *
 *   /dev           the devices that every sandbox has, on a tmpfs of their own
 *   /init          what is to be PID 1 of every sandbox
 *   /proc, /sys    whole: the kernel lets a user namespace mount only what it could see already
 *   /stage, /root  where a sandbox mounts, in its own copy
 */

/* Moves this process there, for good.
 *
 * directory: an existing directory to mount it on; init: a program */
void home_make(const char *directory, const char *init);

extern const char *const home_devices[];

#endif
