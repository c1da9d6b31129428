#ifndef CONTREE_REASON_H
#define CONTREE_REASON_H

#include <stddef.h>

/* Writes into `text` why execve of `path` failed with `error`, in words for the user. May open `path` to see what
 * kind of file it is. */
void reason_of_exec(char *text, size_t size, const char *path, int error);

#endif
