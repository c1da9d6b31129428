#ifndef CONTREE_SIGNALS_H
#define CONTREE_SIGNALS_H

#include <stdbool.h>

#define SIGNAL_MAX 64

/* Default dispositions for every signal and an empty mask, whatever was inherited. */
void signals_reset(void);

/* Makes SIGCHLD, SIGTERM and SIGINT readable from the descriptor that is returned, and ignores SIGPIPE. */
int signals_open(void);

/* Takes all pending signals. Returns whether one of them asks init to end; only the outside may ask. */
bool signals_ask_to_end(int fd);

#endif
