#ifndef CONTREE_NURSERY_ROOM_H
#define CONTREE_NURSERY_ROOM_H

#include "wire.h"

/* What a sandbox sees of the kernel whatever its image: /proc, /dev and /sys, mounted on a stage until the image comes. This
 * process has namespaces of its own. */
void room_prepare(const struct message *configuration);

/* Makes the image the root, with what was prepared in its place. This process is then in the root, and sees nothing else.
 *
 * take: the first descriptor is the root, a detached mount; those of COVER records follow from fds[covers] on */
void room_enter(const struct message *take, size_t covers);

#endif
