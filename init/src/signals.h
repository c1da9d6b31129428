#ifndef CONTREE_SIGNALS_H
#define CONTREE_SIGNALS_H

#include <stdbool.h>

#define SIGNAL_MAX 64

/* Default dispositions for every signal and an empty mask, whatever was inherited. */
void signals_reset(void);

/* Makes SIGCHLD and, unless init is PID 1, SIGTERM and SIGINT readable from the returned descriptor, and ignores
 * SIGPIPE. */
int signals_open(void);

/* Takes all pending signals. Returns whether one of them asks init to end; PID 1 is never asked to. */
bool signals_ask_to_end(int fd);

#endif
