#ifndef CONTREE_SERVER_H
#define CONTREE_SERVER_H

#include <stdbool.h>
#include <stdint.h>

#include "buffer.h"

/* Init's standard input and output: the connection to the server. */
struct server {
    struct buffer in;
    struct buffer out;
    bool reads;  /* false at end of file, or when nothing more is to be read */
    bool writes; /* false when the server no longer reads */
    uint64_t progress_us;
};

void server_open(struct server *server);

/* Reads what is there, at most one buffer. At end of file, `reads` turns false. */
void server_read(struct server *server);

/* Writes as much as the server takes now. When it takes no more at all, `writes` turns false and output is dropped. */
void server_flush(struct server *server);

#endif
