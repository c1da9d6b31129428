#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "fail.h"
#include "grace.h"
#include "launch.h"

/* Four frames of output in one turn of the loop; the kernel keeps its default where this is not allowed. */
#define PIPE_SIZE 262144

struct pipes {
    int ours[PIPES];
    int theirs[PIPES];
};

static void close_open(int *fd)
{
    if (*fd >= 0) {
        close(*fd);
        *fd = -1;
    }
}

static void pipes_close(int fds[PIPES])
{
    for (int i = 0; i < PIPES; i++) {
        close_open(&fds[i]);
    }
}

static bool pipe_open(struct pipes *pipes, int which)
{
    int fds[2];
    if (pipe2(fds, O_CLOEXEC) < 0) {
        return false;
    }
    int our_end = which == IN ? 1 : 0;
    pipes->ours[which] = fds[our_end];
    pipes->theirs[which] = fds[1 - our_end];
    if (which == OUT || which == ERR) {
        fcntl(fds[0], F_SETPIPE_SZ, PIPE_SIZE);
    }
    return fcntl(pipes->ours[which], F_SETFL, O_NONBLOCK) == 0;
}

static bool pipes_open(struct pipes *pipes)
{
    *pipes = (struct pipes){{-1, -1, -1, -1}, {-1, -1, -1, -1}};
    for (int i = 0; i < PIPES; i++) {
        if (!pipe_open(pipes, i)) {
            int error = errno;
            pipes_close(pipes->ours);
            pipes_close(pipes->theirs);
            errno = error;
            return false;
        }
    }
    return true;
}

static pid_t start(const struct request *request, struct pipes *pipes)
{
    pid_t pid = fork();
    if (pid == 0) {
        const int *ends = pipes->theirs;
        launch(request, (struct child_ends){ends[IN], ends[OUT], ends[ERR], ends[STATUS]});
    }
    int error = errno;
    pipes_close(pipes->theirs);
    if (pid < 0) {
        pipes_close(pipes->ours);
    }
    errno = error;
    return pid;
}

static struct process *new_process(const struct request *request, uint32_t spid, pid_t pid, const struct pipes *pipes)
{
    struct process *process = calloc(1, sizeof *process);
    if (process == NULL) {
        fail("a new process");
    }
    process->spid = spid;
    process->pid = pid;
    process->is_main = (request->flags & SPAWN_MAIN) != 0;
    process->grace_ms = request->grace_ms;
    process->status_fd = pipes->ours[STATUS];
    process->stdin_fd = pipes->ours[IN];
    process->streams[0] =
        (struct stream){.fd = pipes->ours[OUT], .type = STDOUT, .spid = spid, .limit = request->limit};
    process->streams[1] =
        (struct stream){.fd = pipes->ours[ERR], .type = STDERR, .spid = spid, .limit = request->limit};
    if ((request->flags & SPAWN_STDIN_OPEN) == 0) {
        close_open(&process->stdin_fd);
    }
    return process;
}

static void refuse(const char *name, const char *what, uint32_t spid, struct buffer *out)
{
    char reason[REASON_MAX];
    snprintf(reason, sizeof reason, "%.1000s: cannot start: %s: %s", name, what, strerror(errno));
    frame_put_failed(out, spid, reason, (uint32_t)strlen(reason));
}

struct process *process_spawn(const struct request *request, uint32_t spid, struct buffer *out)
{
    struct pipes pipes;
    uint64_t now = clock_now();
    if (!pipes_open(&pipes)) {
        refuse(request->argv[0], "no pipes for it", spid, out);
        return NULL;
    }
    pid_t pid = start(request, &pipes);
    if (pid < 0) {
        refuse(request->argv[0], "no new process", spid, out);
        return NULL;
    }
    struct process *process = new_process(request, spid, pid, &pipes);
    process->started_us = now;
    process->deadline_us = request->timeout_ms == 0 ? NEVER : clock_after(now, request->timeout_ms);
    return process;
}

void process_free(struct process *process)
{
    buffer_free(&process->stdin_bytes);
    free(process);
}

void process_signal(const struct process *process, int number)
{
    if (process->ended) {
        return;
    }
    /* A new process leads no group before its setsid, and its leader never leaves the group after. */
    if (kill(-process->pid, number) < 0 || number == SIGKILL) {
        kill(process->pid, number);
    }
}

static void stdin_closed(struct process *process, struct buffer *out)
{
    close_open(&process->stdin_fd);
    buffer_free(&process->stdin_bytes);
    frame_put_closed(out, process->spid);
}

static void stdin_write(struct process *process, struct buffer *out)
{
    struct buffer *bytes = &process->stdin_bytes;
    ssize_t count = write(process->stdin_fd, buffer_bytes(bytes), buffer_size(bytes));
    if (count > 0) {
        buffer_take(bytes, (size_t)count);
        frame_put_written(out, process->spid, (uint32_t)count);
    } else if (count < 0 && errno != EAGAIN && errno != EINTR) {
        stdin_closed(process, out);
    }
    if (process->stdin_ending && buffer_size(bytes) == 0) {
        close_open(&process->stdin_fd);
    }
}

bool process_give(struct process *process, const unsigned char *bytes, size_t length, struct buffer *out)
{
    if (process->stdin_fd < 0 || process->stdin_ending) {
        return true;
    }
    if (buffer_size(&process->stdin_bytes) + length > STDIN_WINDOW) {
        return false;
    }
    bool idle = buffer_size(&process->stdin_bytes) == 0 && process->status_fd < 0;
    buffer_append(&process->stdin_bytes, bytes, length);
    if (idle && length > 0) {
        stdin_write(process, out);
    }
    return true;
}

void process_close_stdin(struct process *process)
{
    process->stdin_ending = true;
    if (buffer_size(&process->stdin_bytes) == 0) {
        close_open(&process->stdin_fd);
    }
}

void process_interests(const struct process *process, const struct buffer *out, struct pollfd fds[PIPES])
{
    short writes = buffer_size(&process->stdin_bytes) > 0 ? POLLOUT : 0;
    bool started = process->status_fd < 0; /* before, nothing may be told of the process */
    fds[IN] = (struct pollfd){.fd = started ? process->stdin_fd : -1, .events = writes};
    fds[STATUS] = (struct pollfd){.fd = process->status_fd, .events = POLLIN};
    for (int i = 0; i < 2; i++) {
        const struct stream *stream = &process->streams[i];
        bool wanted = !stream->ending && stream_has_room(stream, out);
        fds[OUT + i] = (struct pollfd){.fd = wanted ? stream->fd : -1, .events = POLLIN};
    }
}

static void give_up(struct process *process, const char *reason, size_t length, struct buffer *out)
{
    process->failed = true;
    frame_put_failed(out, process->spid, reason, (uint32_t)length);
    close_open(&process->stdin_fd);
    close_open(&process->streams[0].fd);
    close_open(&process->streams[1].fd);
}

/* The status pipe has the ids of the process, and behind them the reason when the program does not start. */
static void read_status(struct process *process, struct buffer *out)
{
    unsigned char status[STATUS_IDS + REASON_MAX];
    size_t at = 0;
    ssize_t length = read(process->status_fd, status, sizeof status);
    if (length >= (ssize_t)STATUS_IDS && status[0] == 0) {
        process->uid = get_u32(status + 1);
        process->gid = get_u32(status + 5);
        at = STATUS_IDS;
    }
    if (length > (ssize_t)at) {
        give_up(process, (const char *)status + at, (size_t)length - at, out);
    } else if (length > 0) {
        return; /* the pipe is still open: it is not started yet */
    } else {
        frame_put_spawned(out, process->spid, process->pid, process->uid, process->gid);
    }
    close_open(&process->status_fd);
}

void process_serve(struct process *process, const struct pollfd fds[PIPES], struct buffer *out)
{
    if (fds[STATUS].revents != 0 && process->status_fd >= 0) {
        read_status(process, out);
    }
    if (process->status_fd >= 0) {
        return; /* that it has started is told before what it does */
    }
    if (process->stdin_fd >= 0 && (fds[IN].revents & (POLLERR | POLLNVAL)) != 0) {
        stdin_closed(process, out);
    } else if (process->stdin_fd >= 0 && (fds[IN].revents & POLLOUT) != 0) {
        stdin_write(process, out);
    }
    for (int i = 0; i < 2; i++) {
        struct stream *stream = &process->streams[i];
        bool ready = fds[OUT + i].revents != 0 && stream->fd >= 0;
        if (ready && stream_has_room(stream, out)) {
            stream_pump(stream, out);
        }
    }
}

void process_ended(struct process *process, int status, const struct rusage *usage, struct buffer *out)
{
    /* The ids and what is behind them, or nothing any more. */
    for (int i = 0; i < 2 && process->status_fd >= 0; i++) {
        read_status(process, out);
    }
    if (process->stdin_fd >= 0) {
        stdin_closed(process, out);
    }
    process->ended = true;
    process->drained_us = clock_after(clock_now(), grace_of_output(process->grace_ms));
    process->report = (struct exit_report){
        .pid = process->pid,
        .status = status,
        /* A process that ended just before its deadline did not time out. */
        .timed_out = process->timed_out && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL,
        .duration_us = clock_now() - process->started_us,
        .usage = *usage,
    };
}

bool process_holds_output(const struct process *process)
{
    return process->streams[0].fd >= 0 || process->streams[1].fd >= 0;
}

void process_end_output(struct process *process)
{
    for (int i = 0; i < 2; i++) {
        if (!process->streams[i].ending) {
            stream_end(&process->streams[i]);
        }
    }
}

bool process_settled(struct process *process, struct buffer *out)
{
    for (int i = 0; i < 2 && process->ended; i++) {
        struct stream *stream = &process->streams[i];
        while (stream->ending && stream->fd >= 0 && stream_has_room(stream, out)) {
            stream_pump(stream, out);
        }
    }
    return process->ended && !process_holds_output(process);
}

void process_report(const struct process *process, struct buffer *out)
{
    if (!process->failed) {
        frame_put_exit(out, process->spid, &process->report);
    }
}
