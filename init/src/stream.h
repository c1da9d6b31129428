#ifndef CONTREE_STREAM_H
#define CONTREE_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"

/* Pipes of processes are not read while more than this waits to be written to the server. */
#define BACKLOG_MAX 1048576u

/* Standard output or standard error of a process on its way to the server. */
struct stream {
    int fd; /* -1 once closed */
    unsigned char type;
    uint32_t spid;
    uint64_t limit;
    uint64_t forwarded;
    uint64_t dropped;
    bool ending; /* the process has ended: only the bytes held by the pipe at that moment are still read */
    size_t held;
};

/* Whether there is room for what would be read: always, for bytes that are dropped anyway. */
bool stream_has_room(const struct stream *stream, const struct buffer *out);

/* Reads once, at most one frame's worth, and forwards or drops the bytes. At the end of the stream it closes. */
void stream_pump(struct stream *stream, struct buffer *out);

/* From here on the stream ends with the bytes that the pipe holds at this moment. */
void stream_end(struct stream *stream);

/* Closes the stream, and tells the server when bytes were dropped. */
void stream_close(struct stream *stream, struct buffer *out);

#endif
