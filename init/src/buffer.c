#include "buffer.h"

#include <stdlib.h>
#include <string.h>

#include "fail.h"

#define SMALLEST 4096u

size_t buffer_size(const struct buffer *buffer)
{
    return buffer->end - buffer->start;
}

const unsigned char *buffer_bytes(const struct buffer *buffer)
{
    return buffer->data + buffer->start;
}

static void move_to_front(struct buffer *buffer)
{
    size_t size = buffer_size(buffer);
    memmove(buffer->data, buffer->data + buffer->start, size);
    buffer->start = 0;
    buffer->end = size;
}

static void grow(struct buffer *buffer, size_t needed)
{
    size_t capacity = buffer->capacity < SMALLEST ? SMALLEST : buffer->capacity;
    while (capacity < needed) {
        capacity *= 2;
    }
    unsigned char *data = realloc(buffer->data, capacity);
    if (data == NULL) {
        fail("growing a buffer");
    }
    buffer->data = data;
    buffer->capacity = capacity;
}

unsigned char *buffer_reserve(struct buffer *buffer, size_t length)
{
    /* Moving only when at least as much was taken as is left keeps the cost of each byte constant. */
    if (buffer->capacity - buffer->end < length && buffer->start > 0 && buffer->start >= buffer_size(buffer)) {
        move_to_front(buffer);
    }
    if (buffer->capacity - buffer->end < length) {
        grow(buffer, buffer->end + length);
    }
    return buffer->data + buffer->end;
}

void buffer_commit(struct buffer *buffer, size_t length)
{
    buffer->end += length;
}

void buffer_append(struct buffer *buffer, const void *bytes, size_t length)
{
    if (length > 0) {
        memcpy(buffer_reserve(buffer, length), bytes, length);
        buffer_commit(buffer, length);
    }
}

void buffer_take(struct buffer *buffer, size_t length)
{
    buffer->start += length;
    if (buffer->start == buffer->end) {
        buffer->start = 0;
        buffer->end = 0;
    }
}

void buffer_free(struct buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct buffer){0};
}
