#include "frames.h"

#include <sys/wait.h>

#define TIMED_OUT 1u
#define CORE_DUMPED 2u

uint32_t get_u32(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | (uint32_t)bytes[3];
}

uint64_t get_u64(const unsigned char *bytes)
{
    return (uint64_t)get_u32(bytes) << 32 | get_u32(bytes + 4);
}

static const char *problem_of(const struct frame *frame)
{
    if (frame->length > FRAME_PAYLOAD_MAX) {
        return "a payload is longer than 1 MiB";
    }
    if ((frame->spid == 0) != (frame->type == SHUT_DOWN)) {
        return "the spid does not fit the type";
    }
    switch (frame->type) {
    case SPAWN:
    case STDIN:
        return NULL;
    case SIGNAL:
        return frame->length == 4 ? NULL : "a signal is 4 bytes";
    case CLOSE_STDIN:
    case SHUT_DOWN:
        return frame->length == 0 ? NULL : "this type has no payload";
    default:
        return "unknown type";
    }
}

enum frame_state frame_parse(const struct buffer *in, struct frame *frame, const char **problem)
{
    if (buffer_size(in) < FRAME_HEADER) {
        return FRAME_PARTIAL;
    }
    const unsigned char *bytes = buffer_bytes(in);
    *frame = (struct frame){
        .type = bytes[0], .spid = get_u32(bytes + 1), .length = get_u32(bytes + 5), .payload = bytes + FRAME_HEADER};
    *problem = problem_of(frame);
    if (*problem != NULL) {
        return FRAME_BROKEN;
    }
    return buffer_size(in) - FRAME_HEADER < frame->length ? FRAME_PARTIAL : FRAME_WHOLE;
}

void put_u32(unsigned char *bytes, uint32_t value)
{
    for (int i = 0; i < 4; i++) {
        bytes[i] = (unsigned char)(value >> (24 - 8 * i));
    }
}

static void append_u32(struct buffer *out, uint32_t value)
{
    put_u32(buffer_reserve(out, 4), value);
    buffer_commit(out, 4);
}

static void append_u64(struct buffer *out, uint64_t value)
{
    append_u32(out, (uint32_t)(value >> 32));
    append_u32(out, (uint32_t)value);
}

void frame_put_header(unsigned char *header, unsigned char type, uint32_t spid, uint32_t length)
{
    header[0] = type;
    put_u32(header + 1, spid);
    put_u32(header + 5, length);
}

static void begin(struct buffer *out, unsigned char type, uint32_t spid, uint32_t length)
{
    frame_put_header(buffer_reserve(out, FRAME_HEADER), type, spid, length);
    buffer_commit(out, FRAME_HEADER);
}

void frame_put_ready(struct buffer *out)
{
    begin(out, READY, 0, 4);
    append_u32(out, PROTOCOL_VERSION);
}

void frame_put_spawned(struct buffer *out, uint32_t spid, pid_t pid, uid_t uid, gid_t gid)
{
    begin(out, SPAWNED, spid, 3 * 4);
    append_u32(out, (uint32_t)pid);
    append_u32(out, uid);
    append_u32(out, gid);
}

void frame_put_failed(struct buffer *out, uint32_t spid, const char *reason, uint32_t length)
{
    begin(out, SPAWN_FAILED, spid, 4 + length);
    append_u32(out, length);
    buffer_append(out, reason, length);
}

void frame_put_written(struct buffer *out, uint32_t spid, uint32_t count)
{
    begin(out, STDIN_WRITTEN, spid, 4);
    append_u32(out, count);
}

void frame_put_closed(struct buffer *out, uint32_t spid)
{
    begin(out, STDIN_CLOSED, spid, 0);
}

void frame_put_truncated(struct buffer *out, uint32_t spid, unsigned char stream, uint64_t forwarded, uint64_t dropped)
{
    begin(out, TRUNCATED, spid, 1 + 8 + 8);
    buffer_append(out, &stream, 1);
    append_u64(out, forwarded);
    append_u64(out, dropped);
}

static uint64_t microseconds(struct timeval time)
{
    return (uint64_t)time.tv_sec * 1000000u + (uint64_t)time.tv_usec;
}

static void append_usage(struct buffer *out, const struct rusage *usage)
{
    const long counts[] = {usage->ru_maxrss, usage->ru_ixrss,   usage->ru_idrss,  usage->ru_isrss,  usage->ru_minflt,
                           usage->ru_majflt, usage->ru_nswap,   usage->ru_inblock, usage->ru_oublock, usage->ru_msgsnd,
                           usage->ru_msgrcv, usage->ru_nsignals, usage->ru_nvcsw,  usage->ru_nivcsw};
    append_u64(out, microseconds(usage->ru_utime));
    append_u64(out, microseconds(usage->ru_stime));
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        append_u64(out, (uint64_t)counts[i]);
    }
}

void frame_put_exit(struct buffer *out, uint32_t spid, const struct exit_report *report)
{
    bool signalled = WIFSIGNALED(report->status);
    uint32_t flags = (report->timed_out ? TIMED_OUT : 0) | (signalled && WCOREDUMP(report->status) ? CORE_DUMPED : 0);
    begin(out, EXIT, spid, 4 * 4 + 8 + 16 * 8);
    append_u32(out, (uint32_t)report->pid);
    append_u32(out, signalled ? UINT32_MAX : (uint32_t)WEXITSTATUS(report->status));
    append_u32(out, signalled ? (uint32_t)WTERMSIG(report->status) : UINT32_MAX);
    append_u32(out, flags);
    append_u64(out, report->duration_us);
    append_usage(out, &report->usage);
}
