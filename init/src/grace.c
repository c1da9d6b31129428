#include "grace.h"

#define SILENCE_MS 200u

uint64_t grace_of_output(uint64_t grace_ms)
{
    return grace_ms - grace_ms / 4;
}

uint64_t grace_of_silence(uint64_t grace_ms)
{
    uint64_t most = grace_of_output(grace_ms);
    return most < SILENCE_MS ? most : SILENCE_MS;
}
