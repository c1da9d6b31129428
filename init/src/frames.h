#ifndef CONTREE_FRAMES_H
#define CONTREE_FRAMES_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

#include "buffer.h"

/* The frames of docs/design/init-protocol.md: a type, a spid, a length, a payload. */
#define PROTOCOL_VERSION 1u
#define FRAME_HEADER 9u
#define FRAME_PAYLOAD_MAX 1048576u
#define OUTPUT_MAX 65536u

enum {
    SPAWN = 'S',
    STDIN = 'I',
    CLOSE_STDIN = 'C',
    SIGNAL = 'K',
    SHUT_DOWN = 'X',
};

enum {
    READY = 'R',
    SPAWNED = 'P',
    SPAWN_FAILED = 'F',
    STDOUT = 'O',
    STDERR = 'E',
    STDIN_WRITTEN = 'W',
    STDIN_CLOSED = 'Z',
    TRUNCATED = 'T',
    EXIT = 'Q',
};

struct frame {
    unsigned char type;
    uint32_t spid;
    const unsigned char *payload;
    uint32_t length;
};

enum frame_state { FRAME_PARTIAL, FRAME_WHOLE, FRAME_BROKEN };

/* Looks at the frame at the start of `in` without taking it. A broken one is told as soon as its header shows it, so a
 * payload that is too long is never waited for. */
enum frame_state frame_parse(const struct buffer *in, struct frame *frame, const char **problem);

uint32_t get_u32(const unsigned char *bytes);
uint64_t get_u64(const unsigned char *bytes);
void put_u32(unsigned char *bytes, uint32_t value);

/* How a process ended, as the exit frame tells it. */
struct exit_report {
    pid_t pid;
    int status;
    bool timed_out;
    uint64_t duration_us;
    struct rusage usage;
};

void frame_put_header(unsigned char *header, unsigned char type, uint32_t spid, uint32_t length);
void frame_put_ready(struct buffer *out);
void frame_put_spawned(struct buffer *out, uint32_t spid, pid_t pid, uid_t uid, gid_t gid);
void frame_put_failed(struct buffer *out, uint32_t spid, const char *reason, uint32_t length);
void frame_put_written(struct buffer *out, uint32_t spid, uint32_t count);
void frame_put_closed(struct buffer *out, uint32_t spid);
void frame_put_truncated(struct buffer *out, uint32_t spid, unsigned char stream, uint64_t forwarded, uint64_t dropped);
void frame_put_exit(struct buffer *out, uint32_t spid, const struct exit_report *report);

#endif
