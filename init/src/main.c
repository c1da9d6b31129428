/* contree-init: PID 1 of every sandbox. Starts processes for the server, carries their input and output, and ends the
 * sandbox as a whole. The protocol and its rules are in docs/design/init-protocol.md. */

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "clock.h"
#include "fail.h"
#include "reach.h"
#include "sandbox.h"
#include "signals.h"

#define OLD_FDS_MAX 4096

enum { SIGNALS, SERVER_IN, SERVER_OUT, OWN_FDS };

/* Commands wait only when their answers alone have piled up this high, which no server that reads lets happen. */
#define ANSWERS_MAX (4u * BACKLOG_MAX)

static void close_inherited(void)
{
    /* INT_MAX and not UINT_MAX: gVisor reads the number as signed. */
    if (syscall(SYS_close_range, 3, INT_MAX, 0) == 0) {
        return;
    }
    /* An old kernel, or a filter that does not know the call. */
    for (int fd = 3; fd < OLD_FDS_MAX; fd++) {
        close(fd);
    }
}

static void start(struct sandbox *sandbox)
{
    *sandbox = (struct sandbox){0};
    close_inherited();
    umask(022);
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0) {
        fail("PR_SET_DUMPABLE");
    }
    if (getpid() == 1) {
        reach_forbid();
    } else if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0) {
        fail("PR_SET_CHILD_SUBREAPER");
    }
    sandbox->signals = signals_open();
    server_open(&sandbox->server);
    frame_put_ready(&sandbox->server.out);
    server_flush(&sandbox->server);
}

static nfds_t count_fds(const struct sandbox *sandbox)
{
    nfds_t count = OWN_FDS;
    for (const struct process *process = sandbox->processes; process != NULL; process = process->next) {
        count += PIPES;
    }
    return count;
}

static void make_room(struct sandbox *sandbox, nfds_t count)
{
    if (count <= sandbox->fds_capacity) {
        return;
    }
    struct pollfd *fds = realloc(sandbox->fds, 2 * count * sizeof *fds);
    if (fds == NULL) {
        fail("the list of descriptors");
    }
    sandbox->fds = fds;
    sandbox->fds_capacity = 2 * count;
}

static nfds_t collect_interests(struct sandbox *sandbox)
{
    nfds_t count = count_fds(sandbox);
    const struct server *server = &sandbox->server;
    make_room(sandbox, count);
    struct pollfd *fds = sandbox->fds;
    bool listens = server->reads && buffer_size(&server->out) <= ANSWERS_MAX;
    short writes = buffer_size(&server->out) > 0 ? POLLOUT : 0;
    fds[SIGNALS] = (struct pollfd){.fd = sandbox->signals, .events = POLLIN};
    fds[SERVER_IN] = (struct pollfd){.fd = listens ? STDIN_FILENO : -1, .events = POLLIN};
    fds[SERVER_OUT] = (struct pollfd){.fd = server->writes ? STDOUT_FILENO : -1, .events = writes};
    fds += OWN_FDS;
    for (const struct process *process = sandbox->processes; process != NULL; process = process->next) {
        process_interests(process, &server->out, fds);
        fds += PIPES;
    }
    return count;
}

static void wait_for_events(struct sandbox *sandbox)
{
    nfds_t count = collect_interests(sandbox);
    while (poll(sandbox->fds, count, clock_wait(sandbox_next_deadline(sandbox))) < 0) {
        if (errno != EINTR && errno != EAGAIN) {
            fail("poll");
        }
    }
}

static void serve_processes(struct sandbox *sandbox)
{
    const struct pollfd *fds = sandbox->fds + OWN_FDS;
    for (struct process *process = sandbox->processes; process != NULL; process = process->next) {
        process_serve(process, fds, &sandbox->server.out);
        fds += PIPES;
    }
}

/* The server is gone when it closes either end: then the sandbox goes too. */
static void end_without_server(struct sandbox *sandbox)
{
    if (!sandbox->server.reads || !sandbox->server.writes) {
        sandbox_end_in_a_hurry(sandbox, 0);
    }
}

static void serve_server(struct sandbox *sandbox)
{
    if (sandbox->fds[SERVER_OUT].revents & (POLLERR | POLLHUP | POLLNVAL)) {
        sandbox->server.writes = false;
    }
    if (sandbox->fds[SERVER_IN].revents != 0) {
        server_read(&sandbox->server);
        sandbox_obey(sandbox);
    }
}

static void serve_signals(struct sandbox *sandbox)
{
    if (sandbox->fds[SIGNALS].revents != 0 && signals_ask_to_end(sandbox->signals)) {
        sandbox_end_in_a_hurry(sandbox, 0);
    }
    if (sandbox->fds[SIGNALS].revents != 0 || sandbox->more_to_reap) {
        sandbox_reap(sandbox);
    }
}

static void turn(struct sandbox *sandbox)
{
    wait_for_events(sandbox);
    serve_processes(sandbox);
    serve_server(sandbox);
    serve_signals(sandbox);
    sandbox_enforce_deadlines(sandbox);
    sandbox_settle(sandbox);
    server_flush(&sandbox->server);
    end_without_server(sandbox);
}

int main(void)
{
    struct sandbox sandbox;
    start(&sandbox);
    while (!sandbox_finished(&sandbox)) {
        turn(&sandbox);
    }
    return sandbox.exit_code;
}
