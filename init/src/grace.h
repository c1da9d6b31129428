#ifndef CONTREE_GRACE_H
#define CONTREE_GRACE_H

#include <stdint.h>

/* How the time is divided that an ended process leaves to what it left behind. First nothing is done to those that hold its
 * output, since they may be about to write the last of it; then comes SIGTERM, and with the end of the time SIGKILL. */

/* Milliseconds for those that hold the output. */
uint64_t grace_of_output(uint64_t grace_ms);

/* Milliseconds for those that do not, and have only a file to finish at most. */
uint64_t grace_of_silence(uint64_t grace_ms);

#endif
