#include "give_up.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int listener = STDERR_FILENO;

void give_up_on(int fd)
{
    listener = fd;
}

void give_up(const char *what)
{
    char text[512];
    int size = snprintf(text, sizeof text, "%s: %s\n", what, strerror(errno));
    if (size > 0) {
        /* One write: on a socket it is one message. */
        ssize_t ignored = write(listener, text, (size_t)size < sizeof text ? (size_t)size : sizeof text - 1);
        (void)ignored;
    }
    _exit(1);
}
