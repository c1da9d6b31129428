#include "server.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "clock.h"
#include "fail.h"

#define READ_SIZE 65536u
#define PIPE_SIZE 1048576

static void make_nonblocking(int fd)
{
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0) {
        fail(fd == STDIN_FILENO ? "standard input" : "standard output");
    }
}

void server_open(struct server *server)
{
    make_nonblocking(STDIN_FILENO);
    make_nonblocking(STDOUT_FILENO);
    /* Fewer switches between init and the server under load; refused for sockets and beyond the user's allowance. */
    fcntl(STDOUT_FILENO, F_SETPIPE_SZ, PIPE_SIZE);
    *server = (struct server){.reads = true, .writes = true, .progress_us = clock_now()};
}

static bool later(void)
{
    return errno == EAGAIN || errno == EINTR;
}

void server_read(struct server *server)
{
    ssize_t count = read(STDIN_FILENO, buffer_reserve(&server->in, READ_SIZE), READ_SIZE);
    if (count > 0) {
        buffer_commit(&server->in, (size_t)count);
    } else if (count == 0 || !later()) {
        server->reads = false;
    }
}

static void write_some(struct server *server)
{
    ssize_t count = write(STDOUT_FILENO, buffer_bytes(&server->out), buffer_size(&server->out));
    if (count > 0) {
        buffer_take(&server->out, (size_t)count);
        server->progress_us = clock_now();
    } else if (!later()) {
        server->writes = false;
    }
}

void server_flush(struct server *server)
{
    if (server->writes && buffer_size(&server->out) > 0) {
        write_some(server);
    }
    if (!server->writes) {
        buffer_take(&server->out, buffer_size(&server->out));
    }
}
