#include "clock.h"

#include <limits.h>
#include <time.h>

#include "fail.h"

uint64_t clock_now(void)
{
    struct timespec now;
    if (clock_gettime(CLOCK_MONOTONIC, &now) < 0) {
        fail("clock_gettime");
    }
    return (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u;
}

uint64_t clock_after(uint64_t moment, uint64_t milliseconds)
{
    return milliseconds > (NEVER - moment) / 1000u ? NEVER : moment + milliseconds * 1000u;
}

int clock_wait(uint64_t moment)
{
    uint64_t now = clock_now();
    if (moment == NEVER) {
        return -1;
    }
    uint64_t milliseconds = moment <= now ? 0 : (moment - now + 999u) / 1000u;
    return milliseconds > INT_MAX ? INT_MAX : (int)milliseconds;
}
