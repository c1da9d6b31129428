#include "stream.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "frames.h"

bool stream_has_room(const struct stream *stream, const struct buffer *out)
{
    return stream->forwarded == stream->limit || buffer_size(out) <= BACKLOG_MAX;
}

void stream_close(struct stream *stream, struct buffer *out)
{
    if (stream->fd < 0) {
        return;
    }
    close(stream->fd);
    stream->fd = -1;
    if (stream->dropped > 0) {
        frame_put_truncated(out, stream->spid, stream->type, stream->forwarded, stream->dropped);
    }
}

void stream_end(struct stream *stream)
{
    int held = 0;
    if (stream->fd >= 0 && ioctl(stream->fd, FIONREAD, &held) < 0) {
        held = 0;
    }
    stream->ending = true;
    stream->held = (size_t)held;
}

/* Bytes are read right behind the place of their header in the queue, so that they are never copied. */
static ssize_t read_and_forward(struct stream *stream, size_t length, struct buffer *out)
{
    unsigned char *frame = buffer_reserve(out, FRAME_HEADER + length);
    ssize_t count = read(stream->fd, frame + FRAME_HEADER, length);
    if (count <= 0) {
        return count;
    }
    uint64_t left = stream->limit - stream->forwarded;
    uint32_t forwarded = (uint64_t)count <= left ? (uint32_t)count : (uint32_t)left;
    frame_put_header(frame, stream->type, stream->spid, forwarded);
    buffer_commit(out, FRAME_HEADER + forwarded);
    stream->forwarded += forwarded;
    stream->dropped += (uint64_t)count - forwarded;
    return count;
}

static ssize_t read_and_drop(struct stream *stream, size_t length)
{
    static unsigned char dropped[OUTPUT_MAX];
    ssize_t count = read(stream->fd, dropped, length);
    if (count > 0) {
        stream->dropped += (uint64_t)count;
    }
    return count;
}

void stream_pump(struct stream *stream, struct buffer *out)
{
    size_t length = stream->ending && stream->held < OUTPUT_MAX ? stream->held : OUTPUT_MAX;
    ssize_t count = 0;
    if (length > 0) {
        bool full = stream->forwarded == stream->limit;
        count = full ? read_and_drop(stream, length) : read_and_forward(stream, length, out);
    }
    /* A process can open its own pipe for reading, so even bytes that were counted may be gone. */
    bool nothing_yet = count < 0 && !stream->ending && (errno == EAGAIN || errno == EINTR);
    if (count <= 0 && !nothing_yet) {
        stream_close(stream, out);
    } else if (stream->ending && count > 0) {
        stream->held -= (size_t)count;
    }
}
