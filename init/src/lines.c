#include "lines.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SIZE_MAX_READ 1048576u

/* The part of a longer file that is read must not end within a line: half a number is another number. */
static void drop_half_line(struct lines *lines)
{
    while (lines->size > 0 && lines->text[lines->size - 1] != '\n') {
        lines->size--;
    }
}

static const char *read_all(struct lines *lines, int fd, size_t wanted)
{
    lines->text = malloc(wanted + 1);
    if (lines->text == NULL) {
        return "no memory to read it";
    }
    ssize_t count = 1;
    while (lines->size < wanted && count > 0) {
        count = read(fd, lines->text + lines->size, wanted - lines->size);
        lines->size += count > 0 ? (size_t)count : 0;
    }
    return count < 0 ? strerror(errno) : NULL;
}

static const char *read_regular(struct lines *lines, int fd)
{
    struct stat file;
    if (fstat(fd, &file) < 0) {
        return strerror(errno);
    }
    if (!S_ISREG(file.st_mode)) {
        return "not a regular file";
    }
    /* Files of the kernel have no size, and may never end; such a file is empty here. */
    bool longer = file.st_size > (off_t)SIZE_MAX_READ;
    const char *problem = read_all(lines, fd, longer ? SIZE_MAX_READ : (size_t)file.st_size);
    if (longer) {
        drop_half_line(lines);
    }
    return problem;
}

const char *lines_read(struct lines *lines, const char *path)
{
    *lines = (struct lines){0};
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) {
        return strerror(errno);
    }
    const char *problem = read_regular(lines, fd);
    close(fd);
    if (problem != NULL) {
        lines_free(lines);
    }
    return problem;
}

static char *trimmed(char *line)
{
    line += strspn(line, " \t");
    size_t length = strlen(line);
    while (length > 0 && strchr(" \t\r", line[length - 1]) != NULL) {
        line[--length] = 0;
    }
    return line;
}

char *lines_next(struct lines *lines)
{
    while (lines->next < lines->size) {
        char *line = lines->text + lines->next;
        size_t left = lines->size - lines->next;
        char *end = memchr(line, '\n', left);
        size_t length = end == NULL ? left : (size_t)(end - line);
        /* One byte more than the size is there for the end of the last line. */
        line[length] = 0;
        lines->next += length + 1;
        if (strlen(line) == length) {
            return trimmed(line);
        }
    }
    return NULL;
}

void lines_free(struct lines *lines)
{
    free(lines->text);
    *lines = (struct lines){0};
}
