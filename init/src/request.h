#ifndef CONTREE_REQUEST_H
#define CONTREE_REQUEST_H

#include <stdint.h>

#include "frames.h"

#define SPAWN_STDIN_OPEN 1u
#define SPAWN_MAIN 2u
#define SPAWN_ALL_GROUPS 4u

/* Free places at the end of the environment, for what the image's passwd says. */
#define ENV_ROOM 2u

/* What a spawn frame asks for. The strings live in one block of memory that request_free gives back. */
struct request {
    char **argv;
    char **env;
    char *cwd;
    char *user;
    uint64_t timeout_ms;
    uint64_t limit;
    uint64_t grace_ms;
    uint32_t flags;
    char *text;
};

/* Reads the payload of a spawn frame. Returns NULL, or what is wrong with it; then there is nothing to free. */
const char *request_parse(const struct frame *frame, struct request *request);
void request_free(struct request *request);

#endif
