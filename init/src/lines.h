#ifndef CONTREE_LINES_H
#define CONTREE_LINES_H

#include <stdbool.h>
#include <stddef.h>

/* The lines of a text file of the image. Whoever made the image may have put anything in its place: a FIFO, a device, a
 * file without an end. So only a regular file is read, only its first mebibyte, and nothing of it is ever waited for. */
struct lines {
    char *text;
    size_t size;
    size_t next;
};

/* Reads the file. Returns NULL, or why there is nothing to read; then it has no lines. */
const char *lines_read(struct lines *lines, const char *path);

/* The next line, without its end and the blanks around it, NULL after the last. Lines with a NUL in them are passed over. */
char *lines_next(struct lines *lines);

void lines_free(struct lines *lines);

#endif
