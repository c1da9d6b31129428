#ifndef CONTREE_BUFFER_H
#define CONTREE_BUFFER_H

#include <stddef.h>

/* A queue of bytes: appended at the end, taken from the start, contiguous in memory. Zeroed is empty. */
struct buffer {
    unsigned char *data;
    size_t start;
    size_t end;
    size_t capacity;
};

size_t buffer_size(const struct buffer *buffer);
const unsigned char *buffer_bytes(const struct buffer *buffer);

/* Where `length` more bytes may be written; they count only once committed. Fails when memory is out. */
unsigned char *buffer_reserve(struct buffer *buffer, size_t length);
void buffer_commit(struct buffer *buffer, size_t length);

void buffer_append(struct buffer *buffer, const void *bytes, size_t length);
void buffer_take(struct buffer *buffer, size_t length);
void buffer_free(struct buffer *buffer);

#endif
