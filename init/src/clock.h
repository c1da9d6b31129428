#ifndef CONTREE_CLOCK_H
#define CONTREE_CLOCK_H

#include <stdint.h>

/* A moment that never comes. */
#define NEVER UINT64_MAX

/* Microseconds on a clock that nobody sets. */
uint64_t clock_now(void);

/* The moment so many milliseconds after another one; NEVER when that is beyond the clock. */
uint64_t clock_after(uint64_t moment, uint64_t milliseconds);

/* Milliseconds until the moment, rounded up, in the form that poll takes. */
int clock_wait(uint64_t moment);

#endif
